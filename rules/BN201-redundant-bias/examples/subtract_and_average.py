# runnable: build
import keras
from keras import layers


def build():
    a, b = keras.Input((5,)), keras.Input((5,))
    d = layers.Subtract()([layers.Dense(4)(a), layers.Dense(4)(b)])  # expect: BN201
    m = layers.Average()([layers.Dense(4)(a), layers.Dense(4)(b)])  # expect: BN201
    x = layers.concatenate([layers.BatchNormalization()(d), layers.BatchNormalization()(m)])
    return keras.Model([a, b], layers.Dense(1)(x))
