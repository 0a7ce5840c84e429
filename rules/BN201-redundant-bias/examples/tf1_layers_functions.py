# The functional layers of TensorFlow 1 build their Keras counterparts.
# not runnable: TensorFlow 1
import tensorflow as tf


def net(images, training):
    x = tf.layers.conv2d(images, 32, 3)  # expect: BN201
    x = tf.layers.batch_normalization(x, training=training)
    x = tf.nn.relu(x)
    x = tf.layers.conv2d(x, 64, 3, use_bias=False)
    x = tf.layers.batch_normalization(x, training=training)
    return tf.nn.relu(x)
