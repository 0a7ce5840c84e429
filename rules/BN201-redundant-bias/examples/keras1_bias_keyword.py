# The Keras 1 name of use_bias counts like the new one.
# not runnable: Keras 1 arguments
from keras.layers import Convolution2D, Activation, Input
from keras.layers.normalization import BatchNormalization

inputs = Input((32, 32, 3))
x = Convolution2D(16, 3, 3, border_mode='same', bias=False)(inputs)
x = BatchNormalization()(x)
x = Activation('relu')(x)
x = Convolution2D(16, 3, 3, border_mode='same', bias=True)(x)  # expect: BN201
x = BatchNormalization()(x)
x = Activation('relu')(x)
