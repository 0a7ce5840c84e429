# Add, clip, multiply: an activation in three steps, and the net is in the default order.
# runnable: build
import keras
from keras import layers


def hard_swish(x):
    return x * layers.ReLU(6.0)(x + 3.0) * (1.0 / 6.0)


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    x = hard_swish(x)
    x = layers.Conv2D(4, 1, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, hard_swish(x))
