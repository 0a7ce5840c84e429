# runnable: build
# Nobody here passes another `norm`, but others may: it is asked about in the helper only.
import keras
from keras import layers


def normalize(x, norm="batch"):
    if norm == "batch":
        return layers.BatchNormalization()(x)
    return x


def build(norm="batch"):
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3)(inputs)  # expect: BN201 when norm is 'batch'
    x = normalize(x, norm)
    x = layers.ReLU()(x)
    x = layers.Conv2D(16, 3)(x)  # expect: BN201
    x = normalize(x)
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
