# A convolution takes or makes one of the tensors, so all have four axes.
# not runnable: the callers are elsewhere
from keras.layers import Add, BatchNormalization, Concatenate, Conv2D, ReLU


def merge(skip, x, width):
    x = Conv2D(width, 3, padding="same")(x)  # expect: BN201
    x = Concatenate(axis=3)([skip, x])
    return ReLU()(BatchNormalization(axis=3)(x))


def both(skip, x, width):
    gate = Conv2D(width, 1, activation="sigmoid")(x)
    x = Conv2D(width, 1)(Add()([skip, x]))  # expect: BN201
    x = BatchNormalization(axis=3)(x)
    return ReLU()(x), gate
