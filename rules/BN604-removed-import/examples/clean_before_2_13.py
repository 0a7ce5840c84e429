# target-keras: 2.12
# not runnable: later versions have no such module
from keras import Input, Model, layers
from keras.layers.core import Dense

inputs = Input((8,))
x = Dense(4, use_bias=False)(inputs)
x = layers.BatchNormalization()(x)
model = Model(inputs, layers.ReLU()(x))
