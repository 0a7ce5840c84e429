# What an editor shows while the line is being typed.
# not runnable: a line in the middle of being typed
import keras
from keras import layers

inputs = keras.Input((8,))
x = layers.Dense(8)(inputs)  # expect: BN201
x = layers.BatchNormalization()(x)
x = layers.ReLU()(x)
y = layers.Dense(4  # expect: BN001
