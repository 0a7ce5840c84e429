# not runnable: a program of TensorFlow 1
# The step is made here and run by somebody who may run the updates with it.
import tensorflow as tf


def net(x, is_training):
    x = tf.layers.conv2d(x, 32, 3, use_bias=False)
    x = tf.layers.batch_normalization(x, training=is_training)
    x = tf.nn.relu(x)
    return tf.layers.dense(tf.layers.flatten(x), 10)


x = tf.placeholder(tf.float32, [None, 28, 28, 1])
y = tf.placeholder(tf.int64, [None])
is_training = tf.placeholder(tf.bool)
loss = tf.losses.sparse_softmax_cross_entropy(y, net(x, is_training))
train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)
