# target-keras: 3
# not runnable: Keras 3 raises ValueError
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = layers.BatchNormalization(mode=0, beta_init="zero")(x)  # expect: BN603
model = Model(inputs, layers.ReLU()(x))
