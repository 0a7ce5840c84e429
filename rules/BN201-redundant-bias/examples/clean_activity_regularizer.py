# The penalty sees the output before the normalization, bias included.
# runnable: build
import keras
from keras.layers import BatchNormalization, Dense, Input, ReLU


def build():
    inputs = Input((6,))
    x = Dense(8, activity_regularizer="l2")(inputs)
    x = BatchNormalization()(x)
    return keras.Model(inputs, ReLU()(x))
