# target-keras: 3
# runnable: build
from keras import Input, Model, Sequential, layers


def build():
    encoder = Sequential([layers.Dense(4, use_bias=False), layers.BatchNormalization()])
    inputs = Input((8,))
    x = encoder(inputs, training=False)  # expect: BN502
    model = Model(inputs, layers.Dense(2)(x))
    model.compile("sgd", "mse")
    return model
