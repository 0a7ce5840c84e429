# Times a constant is linear, in whatever function a Lambda has it.
# not runnable: a built model does not tell what a Lambda computes
import keras
from keras import layers


def weaken(tensors, strength):
    base, more = tensors
    return base + more * strength


def build():
    picture = keras.Input((8, 8, 4))
    x = layers.Conv2D(4, 1)(picture)  # expect: BN201
    x = layers.Lambda(lambda t: t * 0.25)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    y = layers.Conv2D(4, 1)(x)  # expect: BN201
    y = layers.Lambda(weaken, arguments={"strength": 0.1})([x, y])
    y = layers.BatchNormalization()(y)
    return keras.Model(picture, layers.ReLU()(y))
