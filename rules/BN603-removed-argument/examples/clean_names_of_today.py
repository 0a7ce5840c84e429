# target-keras: 3
# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Convolution2D(
        4, 3, padding="same", kernel_initializer="he_normal", use_bias=False
    )(inputs)
    x = layers.BatchNormalization(beta_initializer="zeros")(x)
    x = layers.ReLU()(x)
    return Model(inputs, layers.Dense(2, bias_initializer="zeros")(layers.Flatten()(x)))
