# The model ran in training mode, as its first normalization shows; the second was set on purpose.
# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((4,))
    x = layers.BatchNormalization(name="first")(inputs)
    x = layers.Dense(8, use_bias=False)(x)
    x = layers.BatchNormalization(name="second")(x)
    model = Model(inputs, layers.Dense(3)(layers.ReLU()(x)))
    first, second = model.get_layer("first"), model.get_layer("second")
    first.set_weights([np.ones(4), np.zeros(4), np.full(4, 0.3), np.full(4, 2.0)])
    second.set_weights([np.linspace(0.5, 2, 8), np.zeros(8), np.zeros(8), np.ones(8)])
    return model
