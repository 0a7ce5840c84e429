# not runnable: Keras 3 raises TypeError when the layer is built
from keras import Input, Model, layers, ops

inputs = Input((16, 16, 3))
x = layers.Conv2D(4, 3, use_bias=False)(inputs)
x = layers.BatchNormalization(axis=[-1])(x)  # expect: BN605
model = Model(inputs, ops.relu(x))
