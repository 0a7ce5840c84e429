# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(8, activation="relu")(inputs)
    gate = layers.Dense(8, use_bias=False)(x)
    gate = layers.BatchNormalization()(gate)
    gate = layers.Activation("sigmoid")(gate)
    return Model(inputs, layers.Dense(2)(layers.Multiply()([x, gate])))
