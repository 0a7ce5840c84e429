# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(16, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dropout(0.5)(x)
    return Model(inputs, layers.Dense(2)(x))
