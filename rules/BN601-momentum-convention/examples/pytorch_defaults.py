# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization(momentum=0.1, epsilon=1e-5)(x)  # expect: BN601
    return Model(inputs, layers.ReLU()(x))
