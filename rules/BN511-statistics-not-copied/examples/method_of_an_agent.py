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


class Agent:
    def __init__(self):
        self.q = q_network(8, 4)
        self.q_target = q_network(8, 4)
        self.q_target.set_weights(self.q.get_weights())
        self.tau = 0.01

    def update(self):
        olds = self.q_target.trainable_variables  # expect: BN511
        news = self.q.trainable_variables
        for i in range(len(news)):
            olds[i].assign(self.tau * news[i] + (1 - self.tau) * olds[i])
