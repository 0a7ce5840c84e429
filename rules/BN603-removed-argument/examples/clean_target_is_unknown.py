# not runnable: Keras 3 raises ValueError
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = layers.BatchNormalization(fused=True)(x)
model = Model(inputs, layers.ReLU()(x))
