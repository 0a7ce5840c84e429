# target-keras: 2
# not runnable: Keras 3 raises TypeError when the layer is built
from tensorflow.keras import Input, Model, layers

inputs = Input((16, 16, 3))
x = layers.Conv2D(4, 3, use_bias=False)(inputs)
x = layers.BatchNormalization(axis=[-1])(x)
model = Model(inputs, layers.ReLU()(x))
