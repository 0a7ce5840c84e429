# not runnable: it is trained, not only built
import keras
from keras import layers

model = keras.Sequential(
    [keras.Input((8,)), layers.Dense(16, use_bias=False), layers.BatchNormalization()]
)
model.add(layers.Dense(1))
model.compile("adam", "mse")
model.fit(x, y, epochs=20)
model.layers[1].trainable = False
model.compile("adam", "mse")
model.fit(x, y, epochs=5)
