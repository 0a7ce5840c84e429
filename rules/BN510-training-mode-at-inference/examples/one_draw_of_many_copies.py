# not runnable: it is trained, not only built
import numpy as np
import keras
from keras import layers

inputs = keras.Input((12,))
x = layers.Dense(32, use_bias=False)(inputs)
x = layers.BatchNormalization()(x)
x = layers.ReLU()(x)
x = layers.Dropout(0.2)(x)
regressor = keras.Model(inputs, layers.Dense(1)(x))
regressor.compile("adam", "mse")
regressor.fit(x_train, y_train, epochs=30)

copies = np.repeat(x_new[None], 100, axis=0).reshape(-1, 12)
draws = regressor(copies, training=True)  # expect: BN510
