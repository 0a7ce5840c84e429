# Nobody but the normalization takes what the activation gives; that a sum and its ReLU follow is another matter.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 4))
    side = layers.Conv2D(4, 3, padding="same")(inputs)
    side = layers.ReLU()(side)
    side = layers.BatchNormalization()(side)  # expect: BN301
    x = layers.Conv2D(4, 3, padding="same")(inputs)
    x = layers.Add()([x, side])
    return keras.Model(inputs, layers.ReLU()(x))
