# Nobody names a data format and all agree on axis 1: the author's keras.json says channels_first.
# not runnable: it depends on the reader's keras.json
from keras.layers import Activation, BatchNormalization, Conv2D, MaxPooling2D
from keras.models import Sequential

model = Sequential()
model.add(Conv2D(32, (3, 3), use_bias=False, input_shape=(3, 64, 64)))
model.add(BatchNormalization(axis=1))
model.add(Activation('relu'))
model.add(MaxPooling2D())
model.add(Conv2D(64, (3, 3), use_bias=False))
model.add(BatchNormalization(axis=1))
model.add(Activation('relu'))
