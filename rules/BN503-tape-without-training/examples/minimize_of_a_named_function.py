# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

net = keras.Sequential(
    [keras.Input((8,)), layers.Dense(16, use_bias=False), layers.BatchNormalization()]
)
net.add(layers.Dense(1))


def train(inputs, targets, optimizer):
    def loss():
        return tf.reduce_mean(tf.abs(targets - net(inputs)))  # expect: BN503

    optimizer.minimize(loss, var_list=lambda: net.trainable_weights)


for inputs, targets in data:
    train(inputs, targets, tf.optimizers.Adam())
