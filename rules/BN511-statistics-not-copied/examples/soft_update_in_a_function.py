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
slow.set_weights(online.get_weights())


def follow(rate):
    for old, new in zip(slow.trainable_variables, online.trainable_variables):  # expect: BN511
        old.assign(rate * new + (1 - rate) * old)


for step in range(1000):
    follow(0.01)
