# not runnable: it would set the data format for every other example
import keras
from keras import layers

keras.config.set_image_data_format("channels_last")

model = keras.Sequential([
    keras.Input((32, 32, 3)),
    layers.Conv2D(16, 3),
    layers.BatchNormalization(axis=1),  # expect: BN402
    layers.ReLU(),
])
