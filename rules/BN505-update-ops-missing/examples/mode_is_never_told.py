# not runnable: a program of TensorFlow 1
import tensorflow as tf


def net(x):
    x = tf.layers.conv2d(x, 32, 3, use_bias=False)
    x = tf.layers.batch_normalization(x)  # expect: BN505
    x = tf.nn.relu(x)
    return tf.layers.dense(tf.layers.flatten(x), 10)


x = tf.placeholder(tf.float32, [None, 28, 28, 1])
y = tf.placeholder(tf.int64, [None])
loss = tf.losses.sparse_softmax_cross_entropy(y, net(x))
train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for images, labels in batches:
        sess.run(train_op, {x: images, y: labels})
