# not runnable: BN402 objects to the second axis, as the page of that rule says
from keras import Input, Model, layers

inputs = Input((16, 16, 3))
x = layers.Conv2D(8, 3, use_bias=False)(inputs)
x = layers.BatchNormalization()(x)
x = layers.BatchNormalization(axis=1)(x)  # expect: BN402
model = Model(inputs, layers.ReLU()(x))
