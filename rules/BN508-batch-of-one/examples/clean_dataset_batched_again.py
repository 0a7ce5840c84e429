# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers

model = keras.Sequential(
    [keras.Input((13,)), layers.Dense(64, use_bias=False), layers.BatchNormalization()]
)
model.compile("adam", "mse")
windows = tf.data.Dataset.from_tensor_slices(features).batch(1).unbatch().batch(32)
model.fit(windows)
model.fit(tf.data.Dataset.from_tensor_slices(features).batch(1).map(merge).rebatch(32))
