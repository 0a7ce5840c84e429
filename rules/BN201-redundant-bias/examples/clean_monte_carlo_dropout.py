# Dropout that stays on at prediction still is dropout.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(16, bias_initializer="ones")(inputs)
    x = layers.Dropout(0.5)(x, training=True)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
