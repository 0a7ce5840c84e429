# not runnable: nobody makes the object here
from tensorflow.keras import Input, Model, layers


class Nets:
    def block(self, x, units, activation=None):
        # Redundant only without the activation, and `build` passes one.
        x = layers.Dense(units, activation=activation)(x)
        return layers.BatchNormalization()(x)  # expect: BN301

    def conv(self, x):
        return layers.Conv2D(8, 3)(x)  # expect: BN201

    def norm(self, x):
        return layers.BatchNormalization()(x)

    def build(self):
        inputs = Input((32,))
        x = self.block(inputs, 16, activation="tanh")
        return Model(inputs, layers.Dense(3)(x))

    def build_conv(self):
        inputs = Input((32, 32, 3))
        x = self.norm(self.conv(inputs))
        return Model(inputs, layers.ReLU()(x))
