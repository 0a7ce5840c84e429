# target-keras: 3
# runnable: build
# A generator whose normalization is to use the batch when it makes images as well.
from keras import Input, Model, layers


def up(x, filters):
    x = layers.Conv2DTranspose(filters, 4, strides=2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x, training=True)  # expect: BN502
    return layers.LeakyReLU()(x)


def build():
    noise = Input((16,))
    x = layers.Dense(2 * 2 * 8)(noise)
    x = layers.Reshape((2, 2, 8))(x)
    x = up(x, 8)
    x = up(x, 4)
    return Model(noise, layers.Conv2D(3, 3, padding="same", activation="tanh")(x))
