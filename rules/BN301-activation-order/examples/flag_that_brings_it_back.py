# runnable: build
from keras import Input, Model, layers


def build(first=True, second=False):
    # Without the first flag it is there with the second one only, and before the activation then.
    x = inputs = Input((16, 16, 3))
    x = layers.Conv2D(8, 3, use_bias=False)(x)
    if first:
        x = layers.ReLU()(x)
    if second or first:
        x = layers.BatchNormalization()(x)  # expect: BN301 when first is true
    if not first:
        x = layers.ReLU()(x)
    return Model(inputs, layers.Conv2D(2, 1)(x))
