# A crop in space and a selection of channels; each channel keeps its own shift.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(6, 3)(inputs)  # expect: BN201
    x = layers.BatchNormalization()(x[:, 1:-1, 1:-1, :])
    x = layers.ReLU()(x)
    x = layers.Conv2D(6, 1)(x)  # expect: BN201
    x = x[..., :4]
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
