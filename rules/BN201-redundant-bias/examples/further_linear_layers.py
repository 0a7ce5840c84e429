# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((10, 10, 3))
    x = layers.Conv2D(4, 3, padding="same")(inputs)  # expect: BN201
    x = layers.Conv2D(6, 1, padding="same")(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(4, 3, padding="same")(x)  # expect: BN201
    x = layers.Conv2D(6, 3)(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(4, 1)(x)  # expect: BN201
    x = layers.DepthwiseConv2D(3, padding="valid", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(6)(x)  # expect: BN201
    x = layers.Dense(5)(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, x)
