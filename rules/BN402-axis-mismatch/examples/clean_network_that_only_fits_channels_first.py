# One row of 16 sensors: in channels_last a kernel as high as the sensors does not fit, so Keras builds it in one format only.
# not runnable: it needs channels_first
from keras import Input, Model, layers
from keras import backend as K


def decoder(sensors=16, times=128, classes=4):
    if K.image_data_format() != "channels_first":
        print("set the image data format to channels_first")
    signals = Input((1, sensors, times))
    x = layers.Conv2D(8, (1, 9), padding="same", use_bias=False)(signals)
    x = layers.BatchNormalization(axis=1)(x)
    x = layers.DepthwiseConv2D((sensors, 1), use_bias=False)(x)
    x = layers.BatchNormalization(axis=1)(x)
    x = layers.AveragePooling2D((1, 4))(layers.ELU()(x))
    return Model(signals, layers.Dense(classes)(layers.Flatten()(x)))


def decoder_of_any(sensors, times, classes):
    if K.image_data_format() != "channels_first":
        print("set the image data format to channels_first")
    signals = Input((1, sensors, times))
    x = layers.Conv2D(8, (sensors, 1), use_bias=False)(signals)
    x = layers.BatchNormalization(axis=1)(x)
    x = layers.ELU()(x)
    return Model(signals, layers.Dense(classes)(layers.Flatten()(x)))
