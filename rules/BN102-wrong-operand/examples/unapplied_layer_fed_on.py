# `(x)` is missing behind BatchNormalization(), so Activation is given a layer.
# not runnable: Keras refuses the layer
from keras.layers import Activation, BatchNormalization, Dense, Input
from keras.models import Model

inputs = Input((8,))
x = Dense(4, use_bias=False)(inputs)
x = BatchNormalization()
x = Activation('relu')(x)  # expect: BN102
model = Model(inputs, x)
