# Wired correctly; that the import path is gone in Keras 3 is another rule's business.
# not runnable: keras.layers.normalization is not a module of Keras 3
import keras
from keras.models import Sequential
from keras.layers import Activation, Dense

model = Sequential()
model.add(Dense(64, input_dim=20, use_bias=False))
model.add(keras.layers.normalization.BatchNormalization())
model.add(Activation('relu'))
model.add(Dense(1))
