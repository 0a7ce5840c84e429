# The encoder ends before the normalization, so the bias shows in what it returns. That the decoder goes
# through code that cannot be seen changes nothing about that.
# not runnable: it needs a module that is not here
import keras
from keras import layers
from mylib import scale

inputs = keras.Input((100,))
x = layers.Dense(32, name="center")(inputs)
x = layers.BatchNormalization()(x)
x = layers.Activation("relu")(x)
model = keras.Model(inputs, scale(layers.Dense(100)(x)))
encoder = keras.Model(model.input, model.get_layer("center").output)
