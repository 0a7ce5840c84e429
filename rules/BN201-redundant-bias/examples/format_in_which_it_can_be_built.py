# Branches of (2, 12, 30) fit together in channels_first alone: there axis 1 is the channels, and absorbs.
# not runnable: it needs channels_first
from keras import Input, Model, layers


def network():
    signals = Input((2, 12, 30))
    slow = layers.Conv2D(4, (1, 7))(signals)  # expect: BN201
    slow = layers.BatchNormalization(axis=1)(slow)
    fast = layers.Conv2D(4, (1, 4))(signals)  # expect: BN201
    fast = layers.BatchNormalization(axis=1)(fast)
    fast = layers.Cropping2D(((0, 0), (0, 3)))(fast)
    x = layers.Concatenate(axis=1)([slow, fast])
    x = layers.Reshape((8, 12, 24))(x)
    return Model(signals, layers.ReLU()(x))
