# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((16, 16, 3))
    x = layers.Conv2D(8, 3, activation="relu")(inputs)
    x = layers.Dropout(0.5)(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.BatchNormalization()(x)  # expect: BN301
    return Model(inputs, layers.Dense(2)(x))
