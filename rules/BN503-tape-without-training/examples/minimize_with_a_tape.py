# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

net = keras.Sequential(
    [keras.Input((8,)), layers.Dense(16, use_bias=False), layers.BatchNormalization()]
)
net.add(layers.Dense(1))
optimizer = tf.optimizers.Adam()
for x, y in data:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((y - net(x)) ** 2)  # expect: BN503
    optimizer.minimize(loss, net.trainable_variables, tape=tape)
