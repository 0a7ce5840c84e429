# not runnable: a program of TensorFlow 1
import tensorflow as tf

is_training = tf.placeholder(tf.bool)
x = tf.placeholder(tf.float32, [None, 64])
x = tf.contrib.layers.batch_norm(x, is_training=is_training, updates_collections=None)
loss = tf.reduce_mean(x)
train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)
with tf.Session() as sess:
    sess.run(train_op)
