# runnable: build
import tensorflow as tf


class Net(tf.keras.Model):
    def __init__(self, classes=3):
        super().__init__()
        self.fc1 = tf.keras.layers.Dense(8)  # expect: BN201
        self.bn1 = tf.keras.layers.BatchNormalization()
        self.fc2 = tf.keras.layers.Dense(classes)

    def call(self, x, training=False):
        x = self.fc1(x)
        x = self.bn1(x, training=training)
        x = tf.nn.relu(x)
        return self.fc2(x)


def build():
    net = Net()
    net(tf.zeros((2, 5)))
    return net
