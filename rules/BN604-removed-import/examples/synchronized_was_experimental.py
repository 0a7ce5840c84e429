# target-keras: 3
# not runnable: there is no such module any more
import tensorflow as tf
from tensorflow.keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = tf.keras.layers.experimental.SyncBatchNormalization()(x)  # expect: BN604
model = Model(inputs, layers.ReLU()(x))
