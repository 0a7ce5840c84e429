# The feature maps are (2, 32, 32); the normalization is made over the last axis, the width.
# runnable: build
from keras.layers import BatchNormalization, Conv2D, Dense, Input, LeakyReLU, Reshape, add
from keras.models import Model

img_height, img_width, img_channels = 8, 8, 2
encoded_dim = 16


def add_common_layers(y):
    y = BatchNormalization()(y)  # expect: BN401
    y = LeakyReLU()(y)
    return y


def residual_block_decoded(y):
    shortcut = y
    y = Conv2D(8, kernel_size=(3, 3), padding='same', data_format='channels_first')(y)
    y = add_common_layers(y)
    y = Conv2D(2, kernel_size=(3, 3), padding='same', data_format='channels_first')(y)
    y = BatchNormalization()(y)  # expect: BN401
    y = add([shortcut, y])
    return LeakyReLU()(y)


def build():
    image_tensor = Input((img_channels, img_height, img_width))
    x = Conv2D(2, (3, 3), padding='same', data_format="channels_first")(image_tensor)
    x = add_common_layers(x)
    x = Reshape((img_channels * img_height * img_width,))(x)
    encoded = Dense(encoded_dim, activation='linear')(x)
    x = Dense(img_channels * img_height * img_width, activation='linear')(encoded)
    x = Reshape((img_channels, img_height, img_width))(x)
    x = residual_block_decoded(x)
    x = Conv2D(2, (3, 3), activation='sigmoid', padding='same', data_format="channels_first")(x)
    return Model(image_tensor, x)
