# The filters behind a ReLU that never fires have the same output for every sample.
# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((4,))
    x = layers.Dense(8, activation="relu")(inputs)
    x = layers.BatchNormalization(name="norm")(x)  # expect: BN301, BN703
    model = Model(inputs, layers.Dense(3)(x))
    variance = np.array([0.5, 1e-9, 2, 1, 1, 0, 3, 1])
    model.get_layer("norm").set_weights([np.full(8, 1.1), np.full(8, 0.1), np.ones(8), variance])
    return model
