# Caffe converters and similar builders: the method adds the layer to the network itself.
# runnable: build
import keras


class Builder:
    def __init__(self, shape):
        self.inputs = keras.Input(shape)
        self.top = self.inputs

    def Dense(self, units):
        self.top = keras.layers.Dense(units, use_bias=False)(self.top)

    def BatchNormalization(self):
        self.top = keras.layers.BatchNormalization()(self.top)


def build():
    net = Builder((6,))
    net.Dense(4)
    net.BatchNormalization()
    return keras.Model(net.inputs, net.top)
