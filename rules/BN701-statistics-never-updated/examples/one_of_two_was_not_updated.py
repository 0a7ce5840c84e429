# The first normalization shows that the model ran in training mode; the second one never did.
# runnable: build
import numpy as np
from keras import Input, Model, layers


class Block(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.hidden = layers.Dense(units, use_bias=False)
        self.norm = layers.BatchNormalization()  # expect: BN701

    def build(self, shape):
        self.hidden.build(shape)
        self.norm.build((None, self.hidden.units))

    def call(self, x):
        return self.norm(self.hidden(x), training=False)


def build():
    inputs = Input((4,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.ReLU()(Block(6)(x))
    model = Model(inputs, layers.Dense(3)(x))
    random = np.random.default_rng(1)
    model.compile("sgd", "mse")
    model.fit(random.normal(size=(32, 4)), random.normal(size=(32, 3)), epochs=2, verbose=0)
    return model
