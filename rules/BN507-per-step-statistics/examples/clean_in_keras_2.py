# target-keras: 2
# not runnable: with Keras 3 it is what the rule warns of
from keras import Input, Model, layers


def build():
    inputs = Input((5, 8))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.TimeDistributed(layers.BatchNormalization())(x)
    return Model(inputs, layers.ReLU()(x))
