# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dropout(0.5)(inputs)
    x = layers.Dense(16, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return Model(inputs, layers.Dense(2)(x))
