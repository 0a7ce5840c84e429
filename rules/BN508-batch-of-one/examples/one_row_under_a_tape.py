# not runnable: it is trained, not only built
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

policy = keras.Sequential([keras.Input((4,)), layers.Dense(16, use_bias=False)])
policy.add(layers.BatchNormalization())
policy.add(layers.Dense(2, activation="softmax"))
optimizer = keras.optimizers.Adam()
for state, action in episode:
    with tf.GradientTape() as tape:
        chances = policy(state[np.newaxis, :], training=True)  # expect: BN508
        loss = -tf.math.log(chances[0, action])
    gradients = tape.gradient(loss, policy.trainable_variables)
    optimizer.apply_gradients(zip(gradients, policy.trainable_variables))
