# runnable: build
import tensorflow as tf
from tensorflow.keras.layers import BatchNormalization, Dense


class Net(tf.keras.Model):
    def __init__(self):
        super(Net, self).__init__()
        self.d1 = Dense(8, activation='relu')
        self.bn = BatchNormalization()  # expect: BN101
        self.d2 = Dense(2)

    def call(self, x, training=None):
        x = self.d1(x)
        return self.d2(x)


def build():
    net = Net()
    net.build((None, 6))
    return net
