# Both sides of the sum come from a convolution; what follows is normalized.
# runnable: build
import keras
from keras.layers import Add, BatchNormalization, Conv2D, Input, ReLU


def build():
    inputs = Input((8, 8, 3))
    x = Conv2D(4, 3, padding="same", use_bias=False)(inputs)
    x = ReLU()(BatchNormalization()(x))
    y = Conv2D(4, 3, padding="same")(x)  # expect: BN201
    shortcut = Conv2D(4, 1)(x)  # expect: BN201
    out = Add()([y, shortcut])
    out = BatchNormalization()(out)
    return keras.Model(inputs, ReLU()(out))
