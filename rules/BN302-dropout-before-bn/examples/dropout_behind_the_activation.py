# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(16, activation="relu")(inputs)
    x = layers.Dropout(0.5)(x)  # expect: BN302
    x = layers.BatchNormalization()(x)  # expect: BN301
    return Model(inputs, layers.Dense(2)(x))
