# Each channel of each image loses its own mean, and with it the bias.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(inputs)  # expect: BN201
    x = layers.GroupNormalization(groups=-1)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(4, 3)(x)  # expect: BN201
    x = layers.LayerNormalization(axis=(1, 2))(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
