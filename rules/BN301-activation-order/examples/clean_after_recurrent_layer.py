# The tanh inside an LSTM is part of its cell, not an activation before the normalization.
# runnable: build
import keras
from keras.layers import BatchNormalization, Dense, Input, LSTM


def build():
    return keras.Sequential([Input((5, 3)), LSTM(8), BatchNormalization(), Dense(1)])
