# Whichever layer it is may be the convolution, and what it returns is used.
# runnable: build
import keras
from keras import layers


def network():
    picture = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(picture)
    x = layers.BatchNormalization()(x)
    return keras.Model(picture, layers.ReLU()(x))


def build(name=None):
    model = network()
    by_name = {layer.name: layer for layer in model.layers}
    features = by_name.get(name or model.layers[1].name).output
    return keras.Model(model.input, [model.output, features])
