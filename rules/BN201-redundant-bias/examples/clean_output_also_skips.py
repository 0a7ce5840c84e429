# Three ways to use the convolution's output beside the normalization: a skip, a head, the output.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    skip = layers.Conv2D(4, 3, padding="same")(inputs)
    x = layers.BatchNormalization()(skip)
    x = layers.ReLU()(x)
    x = layers.Conv2D(4, 3, padding="same", activation="tanh")(x)
    x = layers.Multiply()([x, skip])

    second = layers.Conv2D(4, 1)(x)
    y = layers.BatchNormalization()(second)
    y = layers.ReLU()(y)
    head = layers.Dense(2, activation="softmax", name="aux")(layers.Flatten()(second))

    logits = layers.Conv2D(2, 1)(y)
    z = layers.BatchNormalization()(logits)
    return keras.Model(inputs, [head, logits, layers.ReLU()(z)])
