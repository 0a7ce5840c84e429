# not runnable: it is trained, not only built
import keras
from keras import layers


def network(freeze_bn):
    inputs = keras.Input((8,))
    x = layers.Dense(16, use_bias=False)(inputs)
    x = layers.BatchNormalization(trainable=not freeze_bn)(x)
    return keras.Model(inputs, layers.Dense(1)(x))


def main(options):
    model = network(options.freeze_bn)
    if options.weights:
        model.load_weights(options.weights)
    model.compile("adam", "mse")
    model.fit(options.x, options.y)
