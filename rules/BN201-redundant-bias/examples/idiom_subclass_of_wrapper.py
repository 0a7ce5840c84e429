# runnable: build
import keras
from keras import layers


class Normalized(layers.Wrapper):
    """Normalizes what a layer computes, before its activation."""

    def __init__(self, layer, activation=None, **kwargs):
        super().__init__(layer, **kwargs)
        self.batch_norm = layers.BatchNormalization()
        self.activation = layers.Activation(activation)

    def call(self, inputs, training=None):
        x = self.layer(inputs)
        return self.activation(self.batch_norm(x, training=training))


def build():
    inputs = keras.Input((8, 8, 3))
    x = Normalized(layers.Conv2D(4, 3), activation="relu")(inputs)  # expect: BN201
    x = Normalized(layers.Conv2D(4, 3, use_bias=False), activation="relu")(x)
    return keras.Model(inputs, x)
