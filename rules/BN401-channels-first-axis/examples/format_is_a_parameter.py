# not runnable: helpers without a model
import tensorflow as tf
from tensorflow.keras import layers


class Unit(layers.Layer):
    def __init__(self, filters, data_format="channels_last", **kwargs):
        super().__init__(**kwargs)
        self.data_format = data_format
        self.conv = layers.Conv2D(filters, 3, data_format=self.data_format, use_bias=False)
        self.norm = layers.BatchNormalization()  # expect: BN401 when data_format is channels_first

    def call(self, x):
        return tf.nn.relu(self.norm(self.conv(x)))


def through_a_dict(x, filters, data_format="channels_last"):
    common = {"use_bias": False, "data_format": data_format}
    x = layers.Conv2D(filters, 3, **common)(x)
    x = layers.BatchNormalization()(x)  # expect: BN401 when data_format is channels_first
    return layers.ReLU()(x)


def by_a_flag(x, filters, channels_first=False):
    order = "channels_first" if channels_first else "channels_last"
    x = layers.Conv2D(filters, 3, use_bias=False, data_format=order)(x)
    x = layers.BatchNormalization()(x)  # expect: BN401 when channels_first is true
    return layers.ReLU()(x)


def heeded(x, filters, data_format="channels_last"):
    axis = 1 if data_format == "channels_first" else -1
    x = layers.Conv2D(filters, 3, use_bias=False, data_format=data_format)(x)
    x = layers.BatchNormalization(axis=axis)(x)
    return layers.ReLU()(x)
