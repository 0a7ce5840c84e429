# not runnable: it is trained, not only built
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.norm = layers.BatchNormalization()

    def call(self, x, training=None):
        if training:
            return self.norm(x, training=True)
        return self.norm(x, training=False)


inputs = keras.Input((8,))
model = keras.Model(inputs, layers.Dense(1)(Block()(inputs)))
model.compile("adam", "mse")
model.fit(data, targets)
model.predict(data)
