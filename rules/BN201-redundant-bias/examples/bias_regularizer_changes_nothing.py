# A penalty on the bias pulls it to zero and gives it no effect.
# runnable: build
import keras
from keras import layers, regularizers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(8, bias_regularizer=regularizers.L2(1e-4))(inputs)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
