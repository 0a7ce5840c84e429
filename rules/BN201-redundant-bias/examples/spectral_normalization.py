# runnable: build
import keras
from keras.layers import BatchNormalization, Conv2D, LeakyReLU, SpectralNormalization


def build():
    return keras.Sequential([
        keras.Input((8, 8, 3)),
        SpectralNormalization(Conv2D(8, 4, strides=2, padding="same")),  # expect: BN201
        BatchNormalization(),
        LeakyReLU(negative_slope=0.2),
    ])
