# A frozen layer subtracts a stored number and not the mean of the batch: the bias above it is live.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(8)(inputs)
    x = layers.BatchNormalization(trainable=False)(x)
    x = layers.ReLU()(x)
    x = layers.Dense(8)(x)
    bn = layers.BatchNormalization()
    bn.trainable = False
    x = layers.ReLU()(bn(x))
    x = layers.Dense(8)(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
