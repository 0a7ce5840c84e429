# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((5, 3, 32, 32))
    conv = layers.Conv2D(8, 3, use_bias=False, data_format="channels_first")
    x = layers.TimeDistributed(conv)(inputs)
    left = layers.TimeDistributed(layers.BatchNormalization(axis=1))(x)
    right = layers.BatchNormalization(axis=2)(x)
    return Model(inputs, [layers.ReLU()(left), layers.ReLU()(right)])
