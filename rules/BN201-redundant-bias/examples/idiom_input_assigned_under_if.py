# On one side a convolution comes before the normalization, on the other a Dense: both are wrong
# always when they are there at all.
# runnable: build
import keras
from keras import layers


def build(wide=True):
    inputs = keras.Input((4, 6))
    if wide:
        x = layers.Conv1D(8, 3, padding="same")(inputs)  # expect: BN201
    else:
        x = layers.Dense(8)(inputs)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
