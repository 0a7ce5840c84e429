# runnable: build
import keras
from keras import layers


def build():
    base = keras.Sequential([keras.Input((6,)), layers.Dense(8, name="hidden"), layers.Dense(2)])
    x = base.get_layer("hidden").output
    x = layers.ReLU()(x)
    x = layers.Dense(4, name="fresh")(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return keras.Model(base.layers[0].input, layers.ReLU()(x))
