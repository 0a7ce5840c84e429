# Keras collects what is assigned; the call walks over all of it.
# runnable: build
import keras


class Chain(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = keras.layers.Dense(8, use_bias=False)
        self.norm = keras.layers.BatchNormalization()
        self.last = keras.layers.Dense(1)

    def call(self, x, training=None):
        for layer in self.layers:
            x = layer(x)
        return x


def build():
    model = Chain()
    model(keras.ops.zeros((2, 4)))
    return model
