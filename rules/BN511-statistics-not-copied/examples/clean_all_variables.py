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
for old, new in zip(slow.variables, online.variables):
    old.assign(0.01 * new + 0.99 * old)
