# target-keras: 3
# runnable: build
# Keras runs the `call` of a class each time, with what is written in it.
from keras import Input, Model, layers


class Frozen(layers.Layer):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4)
        self.norm = layers.BatchNormalization()

    def build(self, shape):
        self.dense.build(shape)
        self.norm.build((*shape[:-1], 4))

    def call(self, x):
        return self.norm(self.dense(x), training=False)


def build():
    inputs = Input((8,))
    return Model(inputs, layers.ReLU()(Frozen()(inputs)))
