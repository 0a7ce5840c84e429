# Who receives the convolution's own output is not in this file.
# not runnable: the callers are elsewhere
from keras import layers


def stem(inputs):
    features = layers.Conv2D(16, 3)(inputs)
    x = layers.BatchNormalization()(features)
    x = layers.ReLU()(x)
    return x, features
