# not runnable: it is trained, not only built
import numpy as np
from tensorflow.keras import Input, Model, Sequential, layers


def build_generator():
    return Sequential(
        [
            layers.Dense(128, use_bias=False, input_shape=(100,)),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Dense(784, activation="tanh"),
        ]
    )


def build_discriminator():
    return Sequential(
        [
            layers.Dense(128, use_bias=False, input_shape=(784,)),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


class Trainer:
    def __init__(self):
        self.model = build_discriminator()
        self.model.compile("adam", "binary_crossentropy")

    def freeze(self):
        self.model.trainable = False

    def compile(self):
        self.model.compile("sgd", "binary_crossentropy")

    def train(self, x, y):
        self.model.fit(x, y)
