# Nothing was trained yet, also where gamma begins at zero.
# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization(gamma_initializer="zeros", beta_initializer="ones")(x)
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(layers.ReLU()(x))
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.Dense(3)(layers.Flatten()(layers.ReLU()(x))))
