# A conversion copied gamma and beta and forgot the moving statistics.
# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((4,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.BatchNormalization(name="norm")(x)  # expect: BN701
    model = Model(inputs, layers.Dense(3)(layers.ReLU()(x)))
    norm = model.get_layer("norm")
    _, _, mean, variance = norm.get_weights()
    norm.set_weights([np.linspace(0.5, 2, 8), np.linspace(-1, 1, 8), mean, variance])
    return model
