# not runnable: the rate comes from the command line
import sys

from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(16)(inputs)
x = layers.Dropout(float(sys.argv[1]))(x)
x = layers.BatchNormalization()(x)
x = layers.ReLU()(x)
model = Model(inputs, layers.Dense(2)(x))
