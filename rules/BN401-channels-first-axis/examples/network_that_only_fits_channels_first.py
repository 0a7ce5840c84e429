# Nothing names the format, but (3, 40, 40) cannot be halved three times in channels_last: the last axis is the width.
# not runnable: it needs channels_first
from keras import Input, Model, layers
from keras import backend as K


def network():
    axis = 1 if K.image_data_format() == "channels_first" else -1
    x = picture = Input((3, 40, 40))
    for width in (8, 16, 24):
        x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(axis=axis)(x)
        x = layers.MaxPooling2D()(layers.ReLU()(x))
    x = layers.Conv2D(24, 1, use_bias=False)(x)
    x = layers.BatchNormalization()(x)  # expect: BN401
    return Model(picture, layers.ReLU()(x))
