# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((16, 16, 3))
    x = layers.Conv2D(8, 3)(inputs)
    x = layers.SpatialDropout2D(0.25)(x)  # expect: BN302
    x = layers.MaxPooling2D()(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return Model(inputs, layers.Conv2D(2, 1)(x))
