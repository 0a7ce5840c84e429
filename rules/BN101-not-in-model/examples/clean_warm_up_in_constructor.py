# The model calls itself once to create its weights; what that call returns is dropped on purpose.
# runnable: build
import keras
import numpy as np
from keras import layers


class Encoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.fc = layers.Dense(4)  # expect: BN201
        self.bn = layers.BatchNormalization()
        self(np.zeros((1, 8), "float32"))

    def call(self, x):
        return keras.ops.relu(self.bn(self.fc(x)))


def build():
    inputs = keras.Input((8,))
    return keras.Model(inputs, Encoder()(inputs))
