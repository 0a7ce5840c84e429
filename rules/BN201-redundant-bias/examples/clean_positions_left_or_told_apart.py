# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(inputs)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(4, 3)(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(6, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Dense(6)(x)
    x = layers.Dense(6, activity_regularizer="l2", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))
