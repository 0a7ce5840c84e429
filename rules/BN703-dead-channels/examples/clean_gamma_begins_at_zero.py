# The last normalization of a residual block often begins so; nothing was trained yet.
# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.BatchNormalization(gamma_initializer="zeros")(x)
    return Model(inputs, layers.Dense(3)(layers.Add()([inputs, x])))
