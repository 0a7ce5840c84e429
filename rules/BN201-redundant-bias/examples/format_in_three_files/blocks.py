from common import AXIS
from keras import layers


def normalize(x):
    return layers.BatchNormalization(axis=AXIS)(x)
