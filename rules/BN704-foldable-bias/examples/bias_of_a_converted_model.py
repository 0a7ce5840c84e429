# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(4, 3, name="conv")(inputs)  # expect: BN201, BN704
    x = layers.BatchNormalization()(x)
    model = Model(inputs, layers.Dense(3)(layers.Flatten()(layers.ReLU()(x))))
    conv = model.get_layer("conv")
    kernel, _ = conv.get_weights()
    conv.set_weights([kernel, np.array([0.3, 0, -0.7, 0.1])])
    return model
