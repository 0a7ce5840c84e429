# not runnable: nobody calls these, so that anything may be passed
from tensorflow.keras import Input, Model, layers


def block(x, filters, dropout=None):
    x = layers.Conv2D(filters, 3)(x)  # expect: BN201 when dropout is false
    if dropout:
        x = layers.Dropout(dropout)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def build(shape=(32, 32, 3), dropout=None):
    inputs = Input(shape)
    return Model(inputs, layers.Conv2D(1, 1)(block(inputs, 8, dropout)))


def normalized(x, norm="batch"):
    x = layers.Conv2D(8, 3)(x)  # expect: BN201 when norm is 'batch'
    if norm == "batch":
        x = layers.BatchNormalization()(x)
    elif norm == "layer":
        x = layers.LayerNormalization()(x)
    return layers.ReLU()(x)


class Nets:
    def __init__(self, rate=None):
        self.rate = rate

    def build(self, shape):
        inputs = x = Input(shape)
        x = layers.Conv2D(8, 3)(x)  # expect: BN201 when rate is None
        if self.rate is not None:
            x = layers.Dropout(self.rate)(x)
        x = layers.BatchNormalization()(x)
        return Model(inputs, layers.Conv2D(1, 1)(x))
