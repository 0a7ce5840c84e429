# The parentheses are missing: the class is added, not a layer.
# not runnable: Keras refuses a class
from keras.layers import Activation, BatchNormalization, Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(16, input_shape=(8,)))
model.add(BatchNormalization)  # expect: BN102
model.add(Activation('relu'))
