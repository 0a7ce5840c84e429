# target-keras: 3
# not runnable: some versions refuse it
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = layers.BatchNormalization(renorm=True)(x)
model = Model(inputs, layers.ReLU()(x))
