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


discriminator = build_discriminator()
discriminator.compile("adam", "binary_crossentropy")
generator = build_generator()
discriminator.trainable = False
noise = Input((100,))
combined = Model(noise, discriminator(generator(noise)))
combined.compile("adam", "binary_crossentropy")

for _ in range(1000):
    z = np.random.normal(size=(32, 100))
    discriminator.trainable = True
    discriminator.train_on_batch(next_images(), np.ones((32, 1)))
    discriminator.trainable = False
    combined.train_on_batch(z, np.ones((32, 1)))
