# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(1, 1, use_bias=False)(x)
    x = layers.BatchNormalization()(x)  # expect: BN303
    return Model(inputs, layers.Activation("sigmoid")(x))
