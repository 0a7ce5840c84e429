# runnable: build
from keras import Input, Model, layers


def build():
    # Axis 1 are the steps, so that the bias of each unit stays.
    inputs = Input((6,), dtype="int32")
    x = layers.Embedding(9, 4)(inputs)
    left = layers.BatchNormalization(axis=1)(layers.Dense(4)(x))
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(x)
    right = layers.BatchNormalization(axis=1)(layers.Dense(4)(x))
    return Model(inputs, layers.Concatenate()([left, right]))
