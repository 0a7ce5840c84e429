# runnable: build
import keras

L = keras.layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = L.Conv2D(  # expect: BN201
        filters=4,
        kernel_size=(3, 3),
        padding="same",
    )(inputs)
    x = L.BatchNormalization(
        momentum=0.9,
    )(x)
    return keras.Model(inputs, L.ReLU()(x))
