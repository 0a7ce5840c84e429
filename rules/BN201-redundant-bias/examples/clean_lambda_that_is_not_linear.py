# What a Lambda computes of the bias is no constant, or cannot be followed.
# not runnable: a built model does not tell what a Lambda computes
import keras
from keras import layers


def build():
    picture = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 1)(picture)
    x = layers.Lambda(lambda t: t * t)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(4, 1)(x)
    x = layers.Lambda(lambda t: keras.ops.exp(t) + 1.0)(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(picture, layers.ReLU()(x))
