# not runnable: Keras 1
from keras.layers import Activation, Convolution2D, Input, merge
from keras.layers.normalization import BatchNormalization
from keras.models import Model

inputs = Input(shape=(32, 32, 3))
a = Convolution2D(16, 3, 3, border_mode='same')(inputs)  # expect: BN201
b = Convolution2D(16, 1, 1, border_mode='same')(inputs)  # expect: BN201
x = merge([a, b], mode='sum')
x = BatchNormalization()(x)
x = Activation('relu')(x)
c = Convolution2D(16, 3, 3, border_mode='same')(x)
d = Convolution2D(16, 3, 3, border_mode='same')(x)
x = merge([c, d], mode='mul')
x = BatchNormalization()(x)
x = Activation('relu')(x)
model = Model(input=inputs, output=x)
