# A penalty on gamma has switched two channels off.
# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((4,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.BatchNormalization(name="norm", gamma_regularizer="l1")(x)  # expect: BN703
    model = Model(inputs, layers.Dense(3)(layers.ReLU()(x)))
    gamma, beta = np.linspace(0.5, 2, 8), np.linspace(0.1, 1, 8)
    gamma[3:5] = beta[3:5] = 0
    model.get_layer("norm").set_weights([gamma, beta, np.full(8, 0.2), np.full(8, 1.5)])
    return model
