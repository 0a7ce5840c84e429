# It is wrong where it is used, and its class decides, so there is no fix at that place.
# runnable: build
import keras
from keras import layers


class RowNorm(layers.BatchNormalization):
    def __init__(self, **options):
        super().__init__(axis=1, **options)


def build():
    picture = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, use_bias=False, data_format="channels_last")(picture)
    x = RowNorm(name="norm")(x)  # expect: BN402
    return keras.Model(picture, layers.ReLU()(x))
