# runnable: build
import keras
from keras import backend, layers


def block(x, filters):
    channel_axis = 1 if backend.image_data_format() == 'channels_first' else -1
    x = layers.Conv2D(filters, 3, use_bias=False)(x)
    x = layers.BatchNormalization(axis=channel_axis)(x)
    return layers.Activation('relu')(x)


def build():
    if keras.config.image_data_format() == 'channels_first':
        inputs = keras.Input((3, 8, 8))
    else:
        inputs = keras.Input((8, 8, 3))
    return keras.Model(inputs, block(block(inputs, 4), 4))
