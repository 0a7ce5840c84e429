# target-keras: 1
# not runnable: Keras 3 refuses it
from keras.layers import Activation, BatchNormalization, Convolution2D
from keras.models import Sequential

model = Sequential()
model.add(Convolution2D(32, 3, 3, border_mode="same", bias=False, input_shape=(3, 8, 8)))
model.add(BatchNormalization(mode=0, axis=1))
model.add(Activation("relu"))
