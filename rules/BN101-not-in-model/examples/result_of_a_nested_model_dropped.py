# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(inputs)
    norm = keras.Sequential([layers.BatchNormalization(), layers.ReLU()])  # expect: BN101
    norm(x)
    return keras.Model(inputs, layers.GlobalAveragePooling2D()(x))
