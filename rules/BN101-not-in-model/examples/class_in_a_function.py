# A class that a function defines is read like any other.
# not runnable: the label is not a gradient's to check
import tensorflow as tf
from tensorflow.keras.layers import BatchNormalization, Dense


def get_model():
    class Net(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = Dense(8)
            self.bn = BatchNormalization()  # expect: BN101

        def call(self, x):
            return self.dense(x)

    return Net()
