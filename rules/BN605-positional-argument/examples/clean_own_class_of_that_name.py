# not runnable: needs the module beside it
from keras import layers

from my_layers import BatchNormalization


def block(x):
    x = layers.Dense(4, use_bias=False)(x)
    return BatchNormalization(0.99, track_running_stats=True)(x)
