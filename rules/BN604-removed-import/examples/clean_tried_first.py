# target-keras: 3
# runnable: build
try:
    from keras.layers.normalization import BatchNormalization
except ImportError:
    from keras.layers import BatchNormalization
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))
