# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((4,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.BatchNormalization(epsilon=1e-6, name="norm")(x)
    model = Model(inputs, layers.Dense(3)(layers.ReLU()(x)))
    gamma = np.linspace(-0.5, 2, 8)
    model.get_layer("norm").set_weights([gamma, np.ones(8), np.ones(8), np.full(8, 1e-5)])
    return model
