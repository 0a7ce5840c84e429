# target-keras: 2.15
# not runnable: there is no such module any more
import keras.layers.normalization as norms  # expect: BN604
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = norms.BatchNormalization()(x)
model = Model(inputs, layers.ReLU()(x))
