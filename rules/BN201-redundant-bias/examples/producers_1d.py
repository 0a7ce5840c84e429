# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((16, 4))
    x = layers.Conv1D(8, 3)(inputs)  # expect: BN201
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv1D(8, 3, padding="causal", dilation_rate=2)(x)  # expect: BN201
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.SeparableConv1D(6, 3)(x)  # expect: BN201
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.DepthwiseConv1D(3)(x)  # expect: BN201
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv1DTranspose(4, 3)(x)  # expect: BN201
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return keras.Model(inputs, x)
