# not runnable: a program of TensorFlow 1
import tensorflow as tf

slim = tf.contrib.slim
is_training = tf.placeholder(tf.bool)
x = tf.placeholder(tf.float32, [None, 28, 28, 1])
x = slim.batch_norm(slim.conv2d(x, 32, [3, 3], activation_fn=None), is_training=is_training)
x = tf.layers.conv2d(tf.nn.relu(x), 32, 3, use_bias=False)
x = tf.layers.batch_normalization(x, training=is_training)
loss = tf.reduce_mean(x)
train_op = slim.learning.create_train_op(loss, tf.train.AdamOptimizer(1e-3))
with tf.Session() as sess:
    sess.run(train_op)
