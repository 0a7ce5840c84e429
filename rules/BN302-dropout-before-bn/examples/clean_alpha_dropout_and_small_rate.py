# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(16)(inputs)
    x = layers.AlphaDropout(0.5)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dense(16)(x)
    x = layers.Dropout(0.1)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return Model(inputs, layers.Dense(2)(x))
