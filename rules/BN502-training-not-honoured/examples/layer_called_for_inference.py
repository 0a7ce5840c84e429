# target-keras: 3.15
# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x, training=False)  # expect: BN502
    model = Model(inputs, layers.ReLU()(x))
    model.compile("sgd", "mse")
    return model
