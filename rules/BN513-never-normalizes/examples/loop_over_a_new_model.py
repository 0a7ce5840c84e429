# not runnable: it is trained, not only built
import keras
from keras import layers


def build():
    inputs = keras.Input((8,))
    x = layers.Dense(16, use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.Dense(1)(x))


def freeze(model):
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False  # expect: BN513


model = build()
freeze(model)
model.compile("adam", "mse")
model.fit(data, targets)
