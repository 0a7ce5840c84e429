# Functions of TensorFlow use a tensor without giving it back: they keep a summary or a loss in the graph,
# print, check or derive; and what has a name is fetched by it.
# not runnable: it builds no model
import tensorflow.compat.v1 as tf
from tensorflow.keras import layers, losses


def normalized(x):
    return tf.layers.batch_normalization(tf.layers.dense(x, 2, use_bias=False), training=True)


def has_a_name(x):
    tf.identity(layers.BatchNormalization()(x), name="features")


def is_an_activation_with_a_name(x):
    y = normalized(x)
    tf.nn.softmax(y, name="probabilities")


def has_a_summary(x):
    y = tf.layers.batch_normalization(x, training=True)
    tf.summary.histogram("features", y)


def has_a_loss(x, labels):
    y = tf.layers.batch_normalization(x, training=True)
    tf.losses.mean_squared_error(labels, y)


def adds_a_loss(x):
    y = tf.layers.batch_normalization(x, training=True)
    tf.losses.add_loss(tf.reduce_mean(tf.square(y)))


def is_in_a_collection(x):
    y = layers.BatchNormalization()(x)
    tf.add_to_collection("features", y)


def is_derived(x):
    y = layers.BatchNormalization()(x)
    tf.gradients(tf.reduce_sum(y), [x] + tf.trainable_variables())


def is_printed(x):
    y = layers.BatchNormalization()(x)
    tf.print(y)


def is_measured(x, labels):
    y = layers.BatchNormalization()(x)
    losses.mse(labels, y)


def is_checked(x):
    y = layers.BatchNormalization()(x)
    tf.debugging.assert_shapes([(y, (None, 2))])
