# The second normalization was added behind a trained model: nothing of it was trained yet.
# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((4,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    trained = Model(inputs, x)
    random = np.random.default_rng(1)
    trained.compile("sgd", "mse")
    trained.fit(random.normal(size=(32, 4)), random.normal(size=(32, 8)), epochs=2, verbose=0)
    x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(8, use_bias=False)(x)))
    return Model(inputs, layers.Dense(3)(x))
