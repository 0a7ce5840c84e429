# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(8)(inputs)  # expect: BN201
    x = layers.Dropout(0.0)(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
