# runnable: build
import keras
from keras import layers


class Encoder(keras.Model):
    """Embeds, then self.second_norm, then projects."""

    def __init__(self, width=4):
        super().__init__()
        self.first = layers.Dense(width, use_bias=False)
        self.first_norm = layers.BatchNormalization()
        self.second = layers.Dense(width)
        self.second_norm = layers.BatchNormalization()  # expect: BN101

    def call(self, inputs, training=False):
        x = self.first_norm(self.first(inputs), training=training)
        x = self.second(keras.ops.relu(x))
        # x = self.second_norm(x, training=training)
        return x


def build():
    print("Encoder with self.second_norm")
    model = Encoder()
    model(keras.ops.ones((2, 3)))
    return model
