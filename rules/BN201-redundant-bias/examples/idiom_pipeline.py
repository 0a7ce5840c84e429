# Pipeline applies its layers in their order, alone or inside another model.
# runnable: build
import keras
from keras import layers


def unit(width):
    return layers.Pipeline(
        [
            layers.Conv2D(width, 3, padding="same"),  # expect: BN201
            layers.BatchNormalization(),
            layers.ReLU(),
        ]
    )


def build():
    picture = keras.Input((8, 8, 3))
    x = unit(4)(picture)
    x = layers.Pipeline([unit(6), layers.Dense(5)], name="head")(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return keras.Model(picture, layers.ReLU()(x))
