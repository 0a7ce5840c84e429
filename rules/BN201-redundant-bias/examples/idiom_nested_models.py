# The inner model ends in a convolution; the normalization stands in the outer one.
# runnable: build
import keras
from keras import layers


def build():
    encoder_in = keras.Input((8, 8, 3))
    encoder = keras.Model(encoder_in, layers.Conv2D(4, 3)(encoder_in))  # expect: BN201
    head = keras.Sequential([layers.Dense(4), layers.BatchNormalization(), layers.ReLU()])  # expect: BN201

    inputs = keras.Input((8, 8, 3))
    x = encoder(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, head(x))
