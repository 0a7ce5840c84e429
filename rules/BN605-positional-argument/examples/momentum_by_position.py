# not runnable: Keras raises an error when the layer is built
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = layers.BatchNormalization(0.99)(x)  # expect: BN605
model = Model(inputs, layers.ReLU()(x))
