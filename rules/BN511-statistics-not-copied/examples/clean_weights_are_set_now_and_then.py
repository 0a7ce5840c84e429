# not runnable: it is trained, not only built
import keras
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


online, slow = q_network(4, 2), q_network(4, 2)
for step in range(1000):
    for old, new in zip(slow.trainable_variables, online.trainable_variables):
        old.assign(0.01 * new + 0.99 * old)
    if step % 100 == 0:
        slow.set_weights(online.get_weights())
