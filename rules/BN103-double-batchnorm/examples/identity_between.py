# An Identity changes nothing: the second follows the first directly.
# runnable: build
import keras
from keras import layers


def build():
    model = keras.Sequential()
    model.add(keras.Input((6,)))
    model.add(layers.BatchNormalization())
    model.add(layers.Identity())
    model.add(layers.BatchNormalization())  # expect: BN103
    model.add(layers.Dense(3))
    return model
