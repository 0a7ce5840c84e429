# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((4,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.BatchNormalization(name="norm")(x)
    model = Model(inputs, layers.Dense(3)(layers.ReLU()(x)))
    norm = model.get_layer("norm")
    gamma, beta, _, _ = norm.get_weights()
    norm.set_weights([gamma, beta, np.full(8, -1e30), np.full(8, 1e30)])
    return model
