# The convolution is pretrained, the normalization behind it is new.
# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(4, 3, activation="relu", name="pretrained")(inputs)
    x = layers.BatchNormalization()(x)  # expect: BN301
    model = Model(inputs, layers.Dense(3)(layers.Flatten()(x)))
    random = np.random.default_rng(1)
    pretrained = model.get_layer("pretrained")
    pretrained.set_weights([random.normal(size=array.shape) for array in pretrained.get_weights()])
    return model
