# runnable: build
from functools import reduce

import keras
from keras import layers


def chain(*steps):
    return reduce(lambda first, second: lambda value: second(first(value)), steps)


def step(filters):
    return chain(
        layers.Conv2D(filters, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.LeakyReLU(),
    )


def stage(filters, depth):
    steps = chain(*[step(filters) for _ in range(depth)])
    return chain(layers.MaxPooling2D(), chain(steps, chain(step(filters))))


def build():
    inputs = keras.Input((16, 16, 3))
    network = chain(stage(4, 2), chain(stage(8, 3), chain(stage(8, 1), layers.Flatten())))
    return keras.Model(inputs, layers.Dense(2)(network(inputs)))
