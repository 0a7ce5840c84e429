# not runnable: it is trained, not only built
import keras
from keras import layers

inputs = keras.Input((100, 8))
x = layers.LSTM(16, return_sequences=True)(inputs)
x = layers.BatchNormalization()(x)
model = keras.Model(inputs, layers.Dense(1)(x))
model.compile("adam", "mae")
model.fit(series, targets, batch_size=1)
