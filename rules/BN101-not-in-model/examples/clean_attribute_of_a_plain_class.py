# An object that is no layer holds layers for whoever has the object.
# not runnable: it builds no model
from keras import layers


class Parts:
    def __init__(self, width):
        self.dense = layers.Dense(width, use_bias=False)
        self.norm = self.make_norm()

    def make_norm(self):
        return layers.BatchNormalization()
