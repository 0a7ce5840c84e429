# runnable: build
import tensorflow as tf


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = tf.keras.layers.Conv2D(4, 3)
        self.bn = tf.keras.layers.BatchNormalization()  # expect: BN301
        self.out = tf.keras.layers.Dense(2)

    def call(self, x, training=False):
        x = tf.nn.relu(self.conv(x))
        x = self.bn(x, training=training)
        return self.out(tf.reduce_mean(x, axis=[1, 2]))


def build():
    net = Net()
    net(tf.zeros((2, 6, 6, 3)))
    return net
