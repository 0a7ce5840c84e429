# target-keras: 3
# runnable: build
from keras import Input, Model, layers


def block(x, training):
    x = layers.Dense(4, use_bias=False)(x)
    x = layers.BatchNormalization()(x, training=training)
    return layers.ReLU()(x)


def build(training=None):
    inputs = Input((8,))
    return Model(inputs, block(block(inputs, training), training))
