# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((4,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.BatchNormalization(name="norm")(x)  # expect: BN702
    model = Model(inputs, layers.Dense(3)(layers.ReLU()(x)))
    norm = model.get_layer("norm")
    gamma, beta, mean, variance = norm.get_weights()
    mean[2] = np.nan
    variance[5] = np.inf
    norm.set_weights([gamma, beta, mean, variance])
    return model
