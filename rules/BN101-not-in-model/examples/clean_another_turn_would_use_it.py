# not runnable: build makes several models
import keras
from keras import layers


def stage(x, filters):
    prediction = layers.Conv2D(1, 1)(x)
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return prediction, x


def stacked(stages=1):
    inputs = x = keras.Input((8, 8, 3))
    predictions = []
    for _ in range(stages):
        prediction, x = stage(x, 3)
        predictions.append(prediction)
    return keras.Model(inputs, predictions)


def pyramid(widths=(4,)):
    inputs = x = keras.Input((8, 8, 3))
    predictions = []
    for width in widths:
        predictions.append(layers.Conv2D(1, 1)(x))
        x = layers.BatchNormalization()(layers.Conv2D(width, 1, use_bias=False)(x))
    return keras.Model(inputs, predictions)


def optional(normalize=False):
    inputs = keras.Input((8,))
    normalized = layers.BatchNormalization()(inputs)
    if not normalize:
        return keras.Model(inputs, layers.Dense(1)(inputs))
    return keras.Model(inputs, layers.Dense(1)(normalized))


def build():
    optional()
    pyramid((4, 2))
    return stacked(2)
