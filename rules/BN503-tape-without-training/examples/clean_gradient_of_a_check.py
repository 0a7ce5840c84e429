# The second gradient is only looked at: what nobody applies is no training step.
# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers


def run(train, validation):
    model = keras.Sequential([layers.Dense(8, use_bias=False), layers.BatchNormalization(), layers.Dense(1)])
    optimizer = keras.optimizers.Adam()
    for x, y in train:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x, training=True) - y) ** 2)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    for x, y in validation:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        print(tf.linalg.global_norm(tape.gradient(loss, model.trainable_variables)))
