# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Multiply()([layers.Dense(4)(inputs), layers.Dense(4)(inputs)])
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Maximum()([layers.Dense(4)(x), layers.Dense(4)(x)])
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    gate = layers.Dense(4, activation="sigmoid")(x)
    x = layers.BatchNormalization()(layers.Dense(4)(x) * gate)
    return keras.Model(inputs, layers.ReLU()(x))
