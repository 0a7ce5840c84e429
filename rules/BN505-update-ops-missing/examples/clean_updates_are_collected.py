# not runnable: a program of TensorFlow 1
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
update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(update_ops):
    train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(train_op, {is_training: True})
