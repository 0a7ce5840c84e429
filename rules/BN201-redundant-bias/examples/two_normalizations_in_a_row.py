# The Dense is reported. The first normalization's beta is as idle, but no layer to the left has it.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(8)(inputs)  # expect: BN201
    x = layers.BatchNormalization()(x)
    x = layers.BatchNormalization()(x)  # expect: BN103
    return keras.Model(inputs, layers.ReLU()(x))
