# target-keras: 2
# not runnable: with Keras 3 it is what the rule warns of
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4)(inputs)
    x = layers.BatchNormalization()(x, training=False)
    return Model(inputs, layers.ReLU()(x))
