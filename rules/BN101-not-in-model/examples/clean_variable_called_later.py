# runnable: build
import keras
from keras.layers import BatchNormalization, Dense


def build():
    dense = Dense(8, use_bias=False)
    bn = BatchNormalization()
    out = Dense(1)

    inputs = keras.Input((6,))
    hidden = keras.activations.relu(bn(dense(inputs)))
    return keras.Model(inputs, out(hidden))
