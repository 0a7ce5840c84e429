# not runnable: by default it is built without a normalization
from keras import Input, Model, layers


def unit(x, filters, kind):
    x = layers.Conv2D(filters, 3)(x)  # expect: BN201 when kind is 'norm'
    if kind == "norm":
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def build(kind="plain"):
    inputs = Input((8, 8, 3))
    return Model(inputs, unit(inputs, 4, kind))
