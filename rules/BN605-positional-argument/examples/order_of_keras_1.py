# not runnable: Keras raises an error when the layer is built
from keras import Input, Model, layers

inputs = Input((16, 16, 3))
x = layers.Conv2D(4, 3, use_bias=False)(inputs)
x = layers.BatchNormalization(1e-6, 0, 3)(x)  # expect: BN605
model = Model(inputs, layers.ReLU()(x))
