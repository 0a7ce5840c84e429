# The branch from the normalization on is computed and then left out of the model.
# runnable: build
from keras import Input, Model
from keras.layers import Activation, BatchNormalization, Conv2D


def build():
    inputs = Input((8, 8, 3))
    a = Conv2D(4, 3, padding="same")(inputs)
    b = BatchNormalization()(a)  # expect: BN101
    b = Activation("relu")(b)
    return Model(inputs=inputs, outputs=Activation("relu")(a))
