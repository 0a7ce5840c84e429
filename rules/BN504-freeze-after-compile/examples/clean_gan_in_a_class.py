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


class GAN:
    def __init__(self):
        self.discriminator = build_discriminator()
        self.discriminator.compile("adam", "binary_crossentropy")
        self.generator = build_generator()
        noise = Input((100,))
        self.discriminator.trainable = False
        self.combined = Model(noise, self.discriminator(self.generator(noise)))
        self.combined.compile("adam", "binary_crossentropy")

    def train(self, epochs):
        for _ in range(epochs):
            z = np.random.normal(size=(32, 100))
            self.discriminator.train_on_batch(next_images(), np.ones((32, 1)))
            self.combined.train_on_batch(z, np.ones((32, 1)))


if __name__ == "__main__":
    GAN().train(1000)
