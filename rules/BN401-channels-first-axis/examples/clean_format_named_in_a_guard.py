# channels_first is mentioned only to be refused.
# runnable: build
import keras
from keras import layers


def build(data_format=None):
    data_format = data_format or keras.config.image_data_format()
    if data_format in ("channels_first", "th"):
        raise ValueError("channels_first is not supported here")
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
