# not runnable: it is trained, not only built
import keras
from keras import layers

encoder = keras.Sequential(
    [keras.Input((8,)), layers.Dense(16, use_bias=False), layers.BatchNormalization()]
)
encoder.load_weights("encoder.weights.h5")
encoder.trainable = False
model = keras.Sequential([keras.Input((8,)), encoder, layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, y)
encoder.layers[1].trainable = False
encoder.trainable = True  # expect: BN512
model.compile("adam", "mse")
model.fit(x, y)
