# The output bias is absorbed, but use_bias=False would take the query's bias too, which is in use.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((5, 6))
    x = layers.MultiHeadAttention(num_heads=2, key_dim=3)(inputs, inputs)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
