# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers


def q_network(states, actions):
    return keras.Sequential(
        [
            keras.Input((states,)),
            layers.Dense(32, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(actions),
        ]
    )


model = q_network(4, 2)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(model(states, training=True))
gradients = tape.gradient(loss, model.trainable_variables)
for variable, gradient in zip(model.trainable_variables, gradients):
    variable.assign_sub(0.01 * gradient)
