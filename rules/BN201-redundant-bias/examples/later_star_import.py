# The optimizers come last, but Dense is still the layer.
# not runnable: star imports of modules that Keras 3 has no more
from keras.models import *
from keras.layers import *
from keras.optimizers import *

inputs = Input((4,))
x = Dense(8)(inputs)  # expect: BN201
x = BatchNormalization()(x)
x = Activation('relu')(x)
model = Model(inputs, x)
