# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization(
        axis=-1, momentum=0.9, beta_initializer="zeros", synchronized=False, name="bn"
    )(x)
    return Model(inputs, layers.ReLU()(x))
