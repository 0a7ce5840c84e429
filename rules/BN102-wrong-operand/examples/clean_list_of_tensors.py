# Several tensors in a list are tensors, too.
# runnable: build
import keras
from keras import layers


def build():
    a, b = keras.Input((4,)), keras.Input((4,))
    pair = [layers.Dense(3, use_bias=False)(a), layers.Dense(3, use_bias=False)(b)]
    x = layers.concatenate([layers.BatchNormalization()(t) for t in pair])
    return keras.Model([a, b], x)
