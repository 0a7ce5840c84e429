# not runnable: it is trained, not only built
import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(16, use_bias=False)
        self.norm = layers.BatchNormalization()
        self.out = layers.Dense(1)

    def call(self, x, training=None):
        x = self.norm(self.hidden(x))  # expect: BN501
        return self.out(keras.ops.relu(x))


net = Net()
net.compile("adam", "mse")
net.fit(x_train, y_train)
