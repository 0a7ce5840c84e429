# not runnable: it is trained, not only built
import keras
from keras import layers

inputs = keras.Input((256, 256, 3))
x = layers.Conv2D(16, 3, use_bias=False)(inputs)
x = layers.ReLU()(layers.BatchNormalization()(x))  # each image is normalized by itself
model = keras.Model(inputs, layers.Conv2D(3, 1)(x))
model.compile("adam", "mae")
model.fit(pairs_in, pairs_out, batch_size=1)
