# A wrapper that takes a layer, drops its bias and puts the normalization before its activation.
# runnable: build
import keras
from keras import layers


def batch_norm(layer_class, *args, activation, **kwargs):
    layer = layer_class(*args, use_bias=False, **kwargs)

    def apply(x):
        x = layer(x)
        x = layers.BatchNormalization()(x)
        return layers.Activation(activation)(x)

    return apply


def build():
    inputs = keras.Input((8, 8, 3))
    x = batch_norm(layers.Conv2D, 4, 3, activation="relu")(inputs)
    x = batch_norm(layers.Conv2D, 8, 3, activation="relu", padding="same")(x)
    return keras.Model(inputs, x)
