# Behind Flatten, Dense and a global pool there is one axis only.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((3, 8, 8))
    x = layers.Conv2D(4, 3, data_format="channels_first", activation="relu")(inputs)
    y = layers.GlobalAveragePooling2D(data_format="channels_first")(x)
    y = layers.Dense(4, use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    x = layers.Flatten()(x)
    x = layers.Dense(4, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.concatenate([x, y]))
