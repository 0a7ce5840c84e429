# not runnable: a program of TensorFlow 1
# Nothing here trains it; who does may collect the updates.
import tensorflow as tf


def net(x, is_training):
    x = tf.layers.conv2d(x, 32, 3, use_bias=False)
    x = tf.layers.batch_normalization(x, training=is_training)
    x = tf.nn.relu(x)
    return tf.layers.dense(tf.layers.flatten(x), 10)


x = tf.placeholder(tf.float32, [None, 28, 28, 1])
y = tf.placeholder(tf.int64, [None])
