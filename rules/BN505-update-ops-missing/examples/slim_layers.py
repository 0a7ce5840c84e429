# not runnable: a program of TensorFlow 1
import tensorflow as tf

slim = tf.contrib.slim


def net(x, is_training):
    x = slim.conv2d(x, 32, [3, 3], activation_fn=None)
    x = slim.batch_norm(x, is_training=is_training)  # expect: BN505
    x = tf.layers.conv2d(tf.nn.relu(x), 32, 3, use_bias=False)
    x = tf.layers.batch_normalization(x, training=is_training)  # expect: BN505
    return x


is_training = tf.placeholder(tf.bool)
x = tf.placeholder(tf.float32, [None, 28, 28, 1])
loss = tf.reduce_mean(net(x, is_training))
train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)
with tf.Session() as sess:
    sess.run(train_op)
