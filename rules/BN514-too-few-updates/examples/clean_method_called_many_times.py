# not runnable: it is trained, not only built
import keras
import numpy as np
from keras import layers


class Agent:
    def __init__(self):
        self.net = keras.Sequential([keras.Input((4,)), layers.Dense(8, use_bias=False)])
        self.net.add(layers.BatchNormalization())
        self.net.add(layers.Dense(2))
        self.net.compile("adam", "mse")

    def learn(self, count=16):
        states = np.zeros((count, 4))
        targets = self.net.predict(states)
        self.net.fit(states, targets)
