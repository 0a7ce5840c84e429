# runnable: build
import keras
from keras import layers


def unit(x, filters):
    y = layers.BatchNormalization()(x)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same")(y)  # expect: BN201
    return layers.Add()([x, y])


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, padding="same")(inputs)
    x = layers.ReLU()(x)
    x = unit(unit(x, 4), 4)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return keras.Model(inputs, x)
