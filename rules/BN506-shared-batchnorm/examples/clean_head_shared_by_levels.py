# runnable: build
from keras import Input, Model, layers


def build():
    conv = layers.Conv2D(8, 3, padding="same", use_bias=False)
    norm = layers.BatchNormalization()
    head = layers.Conv2D(2, 1)
    fine, coarse = Input((16, 16, 3)), Input((8, 8, 3))
    outputs = [head(layers.ReLU()(norm(conv(level)))) for level in (fine, coarse)]
    return Model([fine, coarse], outputs)
