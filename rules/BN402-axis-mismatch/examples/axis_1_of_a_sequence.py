# Over the steps instead of the features, and the other normalization does it right.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((16, 4))
    x = layers.Conv1D(8, 3, use_bias=False)(inputs)
    x = layers.BatchNormalization(axis=1)(x)  # expect: BN402
    x = layers.ReLU()(x)
    x = layers.Conv1D(8, 3, use_bias=False)(x)
    x = layers.BatchNormalization(axis=-1)(x)
    return keras.Model(inputs, layers.ReLU()(x))
