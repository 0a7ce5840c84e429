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


def follow(rate):
    mixed = [rate * n + (1 - rate) * o for n, o in zip(online.get_weights(), slow.get_weights())]
    slow.set_weights(mixed)


follow(0.01)
