# Mode 1 of Keras 1 normalizes each sample by itself: the bias does not cancel.
# not runnable: Keras 1
from keras.layers import Activation, BatchNormalization, Dense, Input
from keras.models import Model

inputs = Input(shape=(4,))
x = Dense(8)(inputs)
x = BatchNormalization(mode=1)(x)
x = Activation('relu')(x)
model = Model(input=inputs, output=x)
