# entry
# runnable: build
import keras
from blocks import normalize
from keras import layers


def build(norm="batch"):
    inputs = keras.Input((8, 8, 5))
    x = layers.Conv2D(5, 3)(inputs)  # expect: BN201 when norm is 'batch'
    x = normalize(x, norm=norm)
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
