# runnable: build
import keras
from keras import layers


class Tower(layers.Layer):
    def __init__(self, sizes):
        super().__init__()
        self.fcs = [layers.Dense(n) for n in sizes]  # expect: BN201
        self.bns = [layers.BatchNormalization() for _ in sizes]

    def call(self, x):
        for fc, bn in zip(self.fcs, self.bns):
            x = keras.ops.relu(bn(fc(x)))
        return x


def build():
    inputs = keras.Input((6,))
    return keras.Model(inputs, Tower([8, 8, 4])(inputs))
