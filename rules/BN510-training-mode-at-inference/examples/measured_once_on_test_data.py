# not runnable: it is trained, not only built
import numpy as np
import keras
from keras import layers

inputs = keras.Input((12,))
x = layers.Dense(32, use_bias=False)(inputs)
x = layers.BatchNormalization()(x)
x = layers.ReLU()(x)
regressor = keras.Model(inputs, layers.Dense(1)(x))
regressor.compile("adam", "mse")
regressor.fit(x_train, y_train, epochs=30)

predicted = regressor(x_test, training=True)  # expect: BN510
print(np.mean((predicted - y_test) ** 2))
