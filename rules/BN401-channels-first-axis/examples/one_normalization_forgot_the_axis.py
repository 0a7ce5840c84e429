# runnable: build
import keras
from keras import backend as K
from keras import layers


def build():
    inputs = keras.Input((8, 8, 8))
    bn_axis = 1 if K.image_data_format() == "channels_first" else 3
    x = layers.Conv2D(4, 3, use_bias=False)(inputs)
    x = layers.BatchNormalization(axis=bn_axis)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(4, 3, use_bias=False)(x)
    x = layers.BatchNormalization()(x)  # expect: BN401 when image_data_format() is channels_first
    x = layers.ReLU()(x)
    x = layers.Conv2D(4, 3, use_bias=False)(x)
    x = layers.BatchNormalization(axis=bn_axis)(x)
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
