# runnable: build
import keras
from keras import layers


class Frozen(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(8)
        self.bn = layers.BatchNormalization()
        self.out = layers.Dense(1)

    def call(self, x, training=None):
        x = self.bn(self.dense(x), training=False)
        return self.out(keras.ops.relu(x))


def build():
    model = Frozen()
    model(keras.ops.zeros((2, 4)))
    return model
