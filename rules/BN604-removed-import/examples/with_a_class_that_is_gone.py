# target-keras: 3
# not runnable: there is no such module any more
from keras import Input, Model, layers
from keras.layers.core import Dense, MaxoutDense  # expect: BN604

inputs = Input((8,))
x = Dense(4, use_bias=False)(inputs)
x = layers.BatchNormalization()(x)
model = Model(inputs, layers.ReLU()(x))
