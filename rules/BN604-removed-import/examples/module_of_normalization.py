# target-keras: 3
# not runnable: there is no such module any more
from keras import Input, Model, layers
from keras.layers.normalization import BatchNormalization  # expect: BN604

inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = BatchNormalization()(x)
model = Model(inputs, layers.ReLU()(x))
