# not runnable: it is trained, not only built
import numpy as np
import tensorflow as tf
from tensorflow.keras import Sequential
from tensorflow.keras.layers import BatchNormalization, Dense, Dropout, Input


class Bayesian:
    def __init__(self, width):
        self.net = Sequential([Input((width,)), Dense(16, use_bias=False), BatchNormalization()])
        self.net.add(Dropout(0.1))
        self.net.add(Dense(1))
        self.net.compile("adam", "mse")

    def train(self, x, y):
        self.net.fit(x, y, epochs=10)

    def sample(self, x, count=30):
        return tf.stack([self.net(x, training=True) for _ in range(count)])  # expect: BN510
