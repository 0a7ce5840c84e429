# The pooling forgets its format and pools other axes; the channels stay where the convolution puts them.
# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((3, 32, 32))
    x = layers.Conv2D(8, 3, padding="same", use_bias=False, data_format="channels_first")(inputs)
    x = layers.SpatialDropout2D(0.05)(x)
    x = layers.BatchNormalization(axis=1)(x)
    return Model(inputs, layers.ReLU()(x))
