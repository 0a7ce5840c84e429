# not runnable: it is trained, not only built
import keras
from keras import layers

inputs = keras.Input((8,))
x = layers.Dense(16, use_bias=False)(inputs)
norm = layers.BatchNormalization()
norm.trainable = False  # expect: BN513
x = layers.ReLU()(norm(x))
model = keras.Model(inputs, layers.Dense(1)(x))
model.compile("adam", "mse")
model.fit(data, targets)
