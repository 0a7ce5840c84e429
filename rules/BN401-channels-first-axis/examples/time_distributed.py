# not runnable: a CPU has no channels_first convolution
from keras.layers import *
from keras.models import Sequential

model = Sequential()
model.add(TimeDistributed(Conv2D(8, 3, data_format='channels_first'), input_shape=(3, 1, 32, 32)))
model.add(TimeDistributed(BatchNormalization()))  # expect: BN401
model.add(TimeDistributed(Activation('relu')))
