# The trainer takes the outputs from the attribute.
# not runnable: nothing here builds a model
from tensorflow.keras import Input
from tensorflow.keras.layers import BatchNormalization, Conv2D, Dense, Flatten


class Network:
    def __init__(self):
        inputs = Input((8, 8, 3))
        x = Conv2D(8, 3, use_bias=False)(inputs)
        x = BatchNormalization()(x)
        self.outputs = Dense(1)(Flatten()(x)), Dense(4)(Flatten()(x))
