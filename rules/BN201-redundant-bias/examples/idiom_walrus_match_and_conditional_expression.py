# runnable: build
import keras
from keras import layers


def activation(kind):
    match kind:
        case "relu":
            return layers.ReLU()
        case _:
            return layers.Activation("tanh")


def build(kind="relu", deep=True):
    inputs = keras.Input((6,))
    x = layers.Dense(8 if deep else 4)(inputs)  # expect: BN201
    if (bn := layers.BatchNormalization()) is not None:
        x = bn(x)
    x = activation(kind)(x)
    return keras.Model(inputs, x)
