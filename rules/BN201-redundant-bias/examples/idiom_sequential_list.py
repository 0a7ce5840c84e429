# runnable: build
import tensorflow as tf
from tensorflow.keras import layers

model = tf.keras.Sequential([
    layers.Input((28, 28, 1)),
    layers.Conv2D(4, 5, strides=2),  # expect: BN201
    layers.BatchNormalization(),
    layers.ReLU(),
    layers.Flatten(),
    layers.Dense(10),  # expect: BN201
    layers.BatchNormalization(),
    layers.Softmax(),
])


def build():
    return model
