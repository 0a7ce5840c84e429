# The arguments are those of the callers, so the defaults hold.
# not runnable: there is no model
import functools

from keras import layers

UNITS = {}


def unit_called(name):
    def remember(function):
        UNITS[name] = function
        return function

    return remember


def announced(function):
    @functools.wraps(function)
    def call(*args, **kwargs):
        print("building", function.__name__, sep=" ")
        return function(*args, **kwargs)

    return call


@unit_called("conv")
@announced
def unit(x, width, use_bias=True):
    x = layers.Conv2D(width, 3, use_bias=use_bias)(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def network(x):
    return unit(unit(x, 8), 16)
