# entry
# not runnable: the module of the settings is not here
# The axis is asked for here before `blocks` asks for it: it is that of this run in both.
import keras
from blocks import normalize
from common import AXIS, FORMAT, SHAPE
from keras import layers


def build():
    inputs = keras.Input(SHAPE)
    x = layers.Conv2D(5, 3, data_format=FORMAT)(inputs)  # expect: BN201
    x = layers.BatchNormalization(axis=AXIS)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(5, 3, data_format=FORMAT)(x)  # expect: BN201
    x = normalize(x)
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
