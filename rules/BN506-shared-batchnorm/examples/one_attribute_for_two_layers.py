# not runnable: a subclassed model has no input shape of its own
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = layers.Dense(8, use_bias=False)
        self.second = layers.Dense(8, use_bias=False)
        self.norm = layers.BatchNormalization()  # expect: BN506
        self.head = layers.Dense(2)

    def call(self, x, training=None):
        x = keras.activations.relu(self.norm(self.first(x), training=training))
        x = keras.activations.relu(self.norm(self.second(x), training=training))
        return self.head(x)
