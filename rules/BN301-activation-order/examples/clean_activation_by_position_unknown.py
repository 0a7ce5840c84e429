# What `act` is only the caller knows; it may well be None.
# not runnable: the arguments come from outside
from keras.layers import BatchNormalization, Dense


def layer(x, n, act):
    x = Dense(n, act, use_bias=False)(x)
    return BatchNormalization()(x)
