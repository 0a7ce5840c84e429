# not runnable: a program of TensorFlow 1
import tensorflow.compat.v1 as tf


def generator(z, training, reuse=False):
    with tf.variable_scope("generator", reuse=reuse):
        x = tf.layers.dense(z, 64, use_bias=False)
        x = tf.layers.batch_normalization(x, training=training)  # expect: BN505
        return tf.layers.dense(tf.nn.relu(x), 784, activation=tf.nn.tanh)


z = tf.placeholder(tf.float32, [None, 100])
fake = generator(z, True)
sample = generator(z, False, reuse=True)
loss = tf.reduce_mean(fake)
step = tf.train.AdamOptimizer(2e-4).minimize(loss)
with tf.Session() as sess:
    sess.run(step)
    sess.run(sample)
