# not runnable: it is trained, not only built
import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(16, use_bias=False)
        self.norm = layers.BatchNormalization()

    def call(self, x, training=None):
        return keras.ops.relu(self.norm(self.hidden(x)))


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.block = Block()
        self.out = layers.Dense(1)

    def call(self, x, training=None):
        return self.out(self.block(x, training=training))


net = Net()
net.compile("adam", "mse")
net.fit(x_train, y_train)
