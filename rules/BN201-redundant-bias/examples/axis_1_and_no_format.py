# Everything has axis 1 and nothing names a data format: it is written for channels_first.
# not runnable: it depends on the reader's keras.json
from keras.layers import Activation, BatchNormalization, Convolution2D, Dense, Flatten
from keras.models import Sequential

model = Sequential()
model.add(Convolution2D(16, 3, 3, input_shape=(1, 32, 32), border_mode='same'))  # expect: BN201
model.add(BatchNormalization(axis=1))
model.add(Activation('relu'))
model.add(Flatten())
model.add(Dense(10, bias=False))
model.add(BatchNormalization())  # expect: BN303
model.add(Activation('softmax'))
