# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(inputs)
    x = layers.EinsumDense("abcd,ce->abed", output_shape=(6, 5, 4))(x)  # mixes the columns
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(4, 3, padding="same")(x)
    x = layers.EinsumDense("abcd,de->abec", output_shape=(6, 5, 5))(x)  # moves the channels
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(4, 3, padding="same")(x)
    x = layers.Conv2DTranspose(6, 1, strides=2, use_bias=False)(x)  # zeros in between
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(4, 3, padding="same")(x)
    x = layers.Conv2DTranspose(6, 2, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return Model(inputs, x)
