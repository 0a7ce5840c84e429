# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

net = keras.Sequential(
    [keras.Input((8,)), layers.Dense(16, use_bias=False), layers.BatchNormalization()]
)
net.add(layers.Dense(1))
optimizer = keras.optimizers.SGD(0.1)
for x, y in data:
    optimizer.minimize(
        lambda: tf.reduce_mean((y - net(x)) ** 2),  # expect: BN503
        net.trainable_variables,
    )
