# What is built before the format is set has the default one.
# not runnable: it would set the data format for every other example
from keras import layers, models
from keras import backend as K


def prepare():
    K.set_image_data_format("channels_first")


before = models.Sequential()
before.add(layers.Conv2D(8, 3, use_bias=False, input_shape=(24, 24, 3)))
before.add(layers.BatchNormalization())
before.add(layers.ReLU())

prepare()

behind = models.Sequential()
behind.add(layers.Conv2D(8, 3, use_bias=False, input_shape=(3, 24, 24)))
behind.add(layers.BatchNormalization())  # expect: BN401
behind.add(layers.ReLU())
