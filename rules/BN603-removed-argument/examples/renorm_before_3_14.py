# target-keras: 3.12
# not runnable: the Keras of the tests is newer
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = layers.BatchNormalization(renorm=True)(x)  # expect: BN603
model = Model(inputs, layers.ReLU()(x))
