# not runnable: the bias is redundant for one of four ways to call it
from keras import Input, Model, layers


def build(batch=True, fused=False):
    # Redundant with batch normalization and without the activation: no one flag could say.
    norm = layers.BatchNormalization if batch else layers.LayerNormalization
    inputs = Input((16, 16, 8))
    x = layers.Conv2D(8, 3, activation="relu" if fused else None)(inputs)
    x = norm()(x)  # expect: BN301 when fused is true
    return Model(inputs, layers.ReLU()(x))

