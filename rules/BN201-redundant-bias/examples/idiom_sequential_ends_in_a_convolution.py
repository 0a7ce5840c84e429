# The normalization stands behind the inner model, as in many encoders.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    encoder = keras.Sequential([layers.Conv2D(4, 3)], name="encoder")  # expect: BN201
    x = layers.BatchNormalization()(encoder(inputs))
    return keras.Model(inputs, layers.ReLU()(x))
