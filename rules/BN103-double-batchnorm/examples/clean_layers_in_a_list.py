# runnable: build
# Each turn of the loop applies another layer of the list.
from functools import partial

from keras import Input, Model, activations, layers

Conv = partial(layers.Conv2D, kernel_size=3, padding="same", use_bias=False)


class Residual(layers.Layer):
    def __init__(self, filters, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)
        self.main_layers = [
            Conv(filters),
            layers.BatchNormalization(),
            self.activation,
            Conv(filters),
            layers.BatchNormalization(),
        ]

    def call(self, inputs):
        x = inputs
        for layer in self.main_layers:
            x = layer(x)
        return self.activation(x + inputs)


def build():
    inputs = Input((8, 8, 4))
    x = Residual(4)(inputs)
    for layer in [part for _ in range(3) for part in (Conv(4), layers.BatchNormalization())]:
        x = layer(x)
    return Model(inputs, layers.ReLU()(x))
