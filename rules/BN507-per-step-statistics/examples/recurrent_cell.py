# not runnable: it is trained, not only built
import keras
from keras import layers


class Cell(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.state_size = units
        self.mix = layers.Dense(units, use_bias=False)
        self.norm = layers.BatchNormalization()

    def call(self, inputs, states, training=None):
        mixed = self.mix(keras.ops.concatenate([inputs, states[0]], axis=-1))
        output = keras.ops.tanh(self.norm(mixed))  # expect: BN507
        return output, [output]


inputs = keras.Input((20, 8))
x = layers.RNN(cell=Cell(16), return_sequences=False)(inputs)
model = keras.Model(inputs, layers.Dense(1)(x))
model.compile("adam", "mse")
model.fit(x_train, y_train)
