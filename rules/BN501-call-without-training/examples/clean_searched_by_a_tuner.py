# not runnable: it is trained, not only built
# target-keras: 3
import keras
import keras_tuner
from keras import layers


class Net(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.hidden = layers.Dense(units, use_bias=False)
        self.norm = layers.BatchNormalization()
        self.out = layers.Dense(1)

    def call(self, x, training=None):
        return self.out(self.norm(self.hidden(x)))


def make(hp):
    net = Net(hp.Int("units", 8, 64))
    net.compile("adam", "mse")
    return net


keras_tuner.RandomSearch(make, objective="val_loss").search(x, y, validation_split=0.2)
