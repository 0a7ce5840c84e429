# not runnable: it is trained, not only built
import keras
from keras import layers

inputs = keras.Input((8,))
x = layers.BatchNormalization()(layers.Dense(16, use_bias=False)(inputs))
x = layers.BatchNormalization(trainable=False)(layers.Dense(16, use_bias=False)(x))
model = keras.Model(inputs, layers.Dense(1)(x))
model.compile("adam", "mse")
model.fit(data, targets)
