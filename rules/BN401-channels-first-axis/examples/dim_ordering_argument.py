# not runnable: Keras 1
from keras.layers import Convolution2D, Input, merge
from keras.layers.normalization import BatchNormalization

inputs = Input((3, 32, 32))
x = Convolution2D(16, 3, 3, dim_ordering='th')(inputs)
x = BatchNormalization(mode=0)(x)  # expect: BN401
