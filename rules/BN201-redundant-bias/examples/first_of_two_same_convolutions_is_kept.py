# The padding of the second convolution turns the first one's shift into a border effect.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(inputs)
    x = layers.Conv2D(4, 3, padding="same")(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(4, 1)(x)
    x = layers.DepthwiseConv2D(3, padding="same")(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
