# What the decorator hands on decides about the bias, not the default.
# not runnable: there is no model
import functools

from keras import layers


def with_settings(**settings):
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            return function(*args, **{**settings, **kwargs})

        return call

    return decorate


@with_settings(use_bias=False)
def unit(x, width, use_bias=True):
    x = layers.Conv2D(width, 3, use_bias=use_bias)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def network(x):
    return unit(unit(x, 8), 16)
