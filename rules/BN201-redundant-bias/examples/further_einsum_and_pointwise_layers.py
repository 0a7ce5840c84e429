# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(inputs)  # expect: BN201
    x = layers.EinsumDense("abcd,de->abce", output_shape=(6, 6, 5))(x)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(4, 3)(x)  # expect: BN201
    x = layers.EinsumDense("...d,de->...e", output_shape=5)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(4, 3)(x)  # expect: BN201
    x = layers.Conv2DTranspose(6, 1, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return Model(inputs, x)
