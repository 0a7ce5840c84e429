# not runnable: it needs data
import tensorflow as tf
from tensorflow.keras import layers

model = tf.keras.Sequential([layers.Dense(4, use_bias=False), layers.BatchNormalization()])
optimizer = tf.keras.optimizers.Adam()
optimizer.minimize(lambda: tf.reduce_mean(model(x, training=True)), model.trainable_variables)
