# not runnable: Keras 1
from keras import backend as K
from keras.layers import Activation, Convolution2D
from keras.layers.normalization import BatchNormalization
from keras.models import Sequential

K.set_image_dim_ordering('th')

model = Sequential()
model.add(Convolution2D(32, 3, 3, border_mode='same', input_shape=(3, 32, 32)))
model.add(BatchNormalization())  # expect: BN401
model.add(Activation('relu'))
