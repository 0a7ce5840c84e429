# Each turn of the loop assigns the same attribute: only the layer of the last turn is applied, and as the
# line makes that one too, it is left alone. The assignment above the loop makes none that is used.
# runnable: build
import keras
from keras import layers


class Net(layers.Layer):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4, use_bias=False)
        self.norm = layers.BatchNormalization(momentum=0.9)  # expect: BN101
        for momentum in (0.8, 0.95):
            self.norm = layers.BatchNormalization(momentum=momentum)

    def call(self, x):
        return keras.ops.relu(self.norm(self.dense(x)))


def build():
    inputs = keras.Input((6,))
    return keras.Model(inputs, Net()(inputs))
