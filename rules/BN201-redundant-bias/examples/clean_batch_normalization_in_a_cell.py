# runnable: build
import keras
from keras import layers, ops


class NormalizedCell(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.from_input = layers.Dense(units, use_bias=False)
        self.from_state = layers.Dense(units)
        self.norm = layers.BatchNormalization()

    def build(self, input_shape):
        self.from_input.build(input_shape)
        self.from_state.build((None, self.units))
        self.norm.build((None, self.units))

    def call(self, inputs, states, training=None):
        x = self.norm(self.from_input(inputs), training=training)
        h = ops.tanh(x + self.from_state(states[0]))
        return h, [h]


def build():
    inputs = keras.Input((5, 3))
    return keras.Model(inputs, layers.RNN(NormalizedCell(4))(inputs))
