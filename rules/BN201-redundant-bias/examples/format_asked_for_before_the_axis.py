# not runnable: the module of the settings is not here
# Axis, shape and layers all follow one name, wherever it was asked about first.
import keras
from generated_settings import FORMAT
from keras import layers

AXIS = 1 if FORMAT == "channels_first" else -1
SHAPE = (3, 32, 32) if FORMAT == "channels_first" else (32, 32, 3)


def build():
    inputs = keras.Input(SHAPE)
    x = layers.Conv2D(16, 3, data_format=FORMAT)(inputs)  # expect: BN201
    x = layers.BatchNormalization(axis=AXIS)(x)
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
