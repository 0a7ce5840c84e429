"""Small programs for the editor to hold."""

FUNCTIONAL = """\
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(64)(inputs)
x = layers.BatchNormalization()(x)
model = Model(inputs, layers.ReLU()(x))
"""

CLEAN = FUNCTIONAL.replace("Dense(64)", "Dense(64, use_bias=False)")

BARE = """\
from keras import Sequential, layers

model = Sequential()
model.add(layers.Dense(4, activation="relu"))
layers.BatchNormalization()
model.add(layers.Dense(2))
"""
