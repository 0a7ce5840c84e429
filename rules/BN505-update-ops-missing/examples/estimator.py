# not runnable: a program of TensorFlow 1
import tensorflow as tf


def model_fn(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN
    x = tf.layers.dense(features["x"], 64, use_bias=False)
    x = tf.layers.batch_normalization(x, training=training)  # expect: BN505
    logits = tf.layers.dense(tf.nn.relu(x), 10)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    optimizer = tf.train.GradientDescentOptimizer(0.01)
    train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
