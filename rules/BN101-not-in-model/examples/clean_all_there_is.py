# A measurement: the layer is all there is, and no model goes on without it.
# not runnable: it builds no model
import time

import tensorflow as tf
from keras import layers


def seconds(x, count=100):
    norm = layers.BatchNormalization()
    start = time.perf_counter()
    for _ in range(count):
        norm(x)
    return time.perf_counter() - start


def warm_up():
    dense = layers.Dense(4, use_bias=False)
    _ = layers.BatchNormalization()(dense(tf.ones((2, 3))))
