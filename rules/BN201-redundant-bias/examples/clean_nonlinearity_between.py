# The bias moves the kink of the activation, which no later mean can undo.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(8)(inputs)
    x = layers.ReLU()(x)
    x = layers.BatchNormalization()(x)  # expect: BN301
    x = layers.Dense(8)(x)
    x = layers.LeakyReLU()(x)
    x = layers.BatchNormalization()(x)  # expect: BN301
    x = layers.Dense(8)(x)
    x = layers.PReLU()(x)
    x = layers.BatchNormalization()(x)  # expect: BN301
    x = layers.Dense(8, activation="elu")(x)
    x = layers.BatchNormalization()(x)  # expect: BN301
    x = layers.Dense(4)(x)
    x = layers.Softmax()(x)
    x = layers.BatchNormalization()(x)  # expect: BN301
    return keras.Model(inputs, layers.Dense(1)(x))
