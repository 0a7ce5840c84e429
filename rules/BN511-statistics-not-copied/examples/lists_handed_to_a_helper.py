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


def blend(olds, news, rate):
    for (old, new) in zip(olds, news):
        old.assign(old * (1 - rate) + new * rate)


online, slow = q_network(4, 2), q_network(4, 2)
blend(slow.trainable_weights, online.trainable_weights, 0.005)  # expect: BN511
