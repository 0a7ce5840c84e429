# runnable: build
import keras
from keras.layers import Activation, BatchNormalization, Conv2D, GlobalAveragePooling2D, Dense


def build():
    inputs = keras.Input((8, 8, 3))
    x = Conv2D(8, 3)(inputs)
    BatchNormalization(axis=-1)  # expect: BN101
    x = Activation("relu")(x)
    x = GlobalAveragePooling2D()(x)
    return keras.Model(inputs, Dense(2)(x))
