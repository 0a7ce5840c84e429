# runnable: build
import keras
from keras.layers import (
    AveragePooling2D, BatchNormalization, Conv2D, Dense, GlobalAveragePooling2D, GlobalMaxPooling2D, Input,
    MaxPooling2D, ReLU, concatenate)


def build():
    inputs = Input((21, 21, 3))
    x = Conv2D(4, 3)(inputs)  # expect: BN201
    x = MaxPooling2D(2)(x)
    x = ReLU()(BatchNormalization()(x))
    x = Conv2D(4, 3)(x)  # expect: BN201
    x = MaxPooling2D(3, strides=2, padding="same")(x)
    x = ReLU()(BatchNormalization()(x))
    x = Conv2D(4, 1)(x)  # expect: BN201
    x = AveragePooling2D(2, strides=1)(x)
    x = ReLU()(BatchNormalization()(x))
    x = Conv2D(4, 1)(x)  # expect: BN201
    x = AveragePooling2D(2, padding="same")(x)
    x = ReLU()(BatchNormalization()(x))
    a = GlobalAveragePooling2D()(Conv2D(4, 1)(x))  # expect: BN201
    b = GlobalMaxPooling2D()(Conv2D(4, 1)(x))  # expect: BN201
    x = concatenate([BatchNormalization()(a), BatchNormalization()(b)])
    return keras.Model(inputs, Dense(1)(x))
