# Nobody in the file calls the helper, so the first normalization's input is unknown.
# not runnable: the callers are elsewhere
from tensorflow.keras.layers import BatchNormalization, Conv2D, ReLU


def preact_unit(x, filters):
    y = BatchNormalization()(x)
    y = ReLU()(y)
    y = Conv2D(filters, 3, padding="same")(y)  # expect: BN201
    y = BatchNormalization()(y)
    y = ReLU()(y)
    return Conv2D(filters, 3, padding="same")(y) + x
