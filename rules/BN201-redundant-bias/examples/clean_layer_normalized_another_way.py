# The other normalizers divide or mix the channels before the mean is taken.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((5, 6))
    x = layers.Dense(8)(inputs)
    x = layers.LayerNormalization(axis=-1)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dense(8)(x)
    x = layers.GroupNormalization(groups=2)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dense(8)(x)
    x = layers.RMSNormalization()(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dense(8)(x)
    x = layers.UnitNormalization()(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
