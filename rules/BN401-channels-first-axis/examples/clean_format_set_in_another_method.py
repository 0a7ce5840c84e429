# not runnable: several models
from keras import Input, Model, layers
from keras import backend as K


class Zoo:
    def with_channels_first(self, filters):
        K.set_image_data_format("channels_first")
        inputs = Input((3, 32, 32))
        x = layers.Conv2D(filters, 3, use_bias=False)(inputs)
        x = layers.BatchNormalization(axis=1)(x)
        return Model(inputs, layers.ReLU()(x))

    def usual(self, filters):
        inputs = Input((32, 32, 3))
        x = layers.Conv2D(filters, 3, use_bias=False)(inputs)
        x = layers.BatchNormalization()(x)
        return Model(inputs, layers.ReLU()(x))
