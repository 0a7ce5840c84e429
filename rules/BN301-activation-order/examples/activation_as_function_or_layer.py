# runnable: build
import keras
import tensorflow as tf
from keras.layers import BatchNormalization, Dense, Input, LeakyReLU


def build():
    inputs = Input((6,))
    x = Dense(8, activation=tf.nn.relu)(inputs)
    x = BatchNormalization()(x)  # expect: BN301
    x = Dense(8, activation=keras.activations.tanh)(x)
    x = BatchNormalization()(x)  # expect: BN301
    x = Dense(8, activation=LeakyReLU())(x)
    x = BatchNormalization()(x)  # expect: BN301
    return keras.Model(inputs, Dense(1)(x))
