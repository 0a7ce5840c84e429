# Names, shapes and a dict of layers by their names: nothing is applied again.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(8)(inputs)  # expect: BN201
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return keras.Model(inputs, layers.Dense(2)(x))


def describe(wanted):
    model = build()
    found = model.get_layer(wanted)
    print(found.name, found.trainable)
    by_name = {}
    for layer in model.layers:
        by_name[layer.name] = layer
    return sorted(by_name)
