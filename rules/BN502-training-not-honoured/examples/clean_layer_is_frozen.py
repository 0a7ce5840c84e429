# target-keras: 3
# runnable: build
from keras import Input, Model, layers


def build():
    norm = layers.BatchNormalization(trainable=False)
    inputs = Input((8,))
    x = layers.Dense(4)(inputs)
    x = norm(x, training=False)
    return Model(inputs, layers.ReLU()(x))
