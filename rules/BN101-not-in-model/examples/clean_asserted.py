# What a test or a check looks at has a use.
# not runnable: it builds no model
import tensorflow as tf
from keras import Input, layers


def check_shape():
    y = layers.BatchNormalization()(Input((4,)))
    assert y.shape == (None, 4)


def check_length(x):
    y = layers.BatchNormalization()(x)
    assert len(y) == 3, "three of them"


def check_numbers(x):
    y = layers.BatchNormalization()(x)
    assert not tf.reduce_any(tf.math.is_nan(y))


def check_a_branch(x):
    y = layers.BatchNormalization()(x)
    if tf.reduce_sum(y) == 0:
        print("nothing comes through")


def check_in_words(x):
    y = layers.BatchNormalization()(x)
    print(f"sum: {tf.reduce_sum(y)}")


def check_cases(x):
    y = layers.BatchNormalization()(x)
    match int(tf.size(y)):
        case 0:
            print("empty")


class Check:
    def __init__(self, x):
        self.y = layers.BatchNormalization()(x)

    def check(self):
        assert self.y.shape[-1] == 4
