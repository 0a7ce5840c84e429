# not runnable: the condition is an attribute of an object
from keras import Input, Model, layers


class Builder:
    def __init__(self, batchnorm=False):
        self.batchnorm = batchnorm

    def unit(self, x, filters):
        x = layers.Conv2D(filters, 3)(x)  # expect: BN201 when batchnorm is true
        if self.batchnorm:
            x = layers.BatchNormalization()(x)
        return layers.ReLU()(x)

    def build(self):
        inputs = Input((8, 8, 3))
        return Model(inputs, self.unit(inputs, 4))


model = Builder().build()
