# runnable: build
import tensorflow as tf
from tensorflow.keras.layers import BatchNormalization, Conv3D, ELU, Input

CONV = dict(kernel_size=3, padding='same', data_format='channels_first')


def build():
    volume = Input((1, 6, 6, 6))
    x = Conv3D(4, **CONV)(volume)
    x = BatchNormalization()(x)  # expect: BN401
    x = ELU()(x)
    return tf.keras.Model(volume, x)
