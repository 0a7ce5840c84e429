# not runnable: the settings come from elsewhere
from keras import layers

from settings import bn_momentum_and_epsilon, decay_steps


def block(x, momentum_epsilon):
    x = layers.Dense(4, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=momentum_epsilon, epsilon=bn_momentum_and_epsilon)(x)
    return layers.ReLU()(x), decay_steps
