# target-keras: 3
# not runnable: a whole network takes long to build
from keras import Input, Model, layers
from keras.applications import VGG16, ConvNeXtTiny


def build(base):
    inputs = Input((224, 224, 3))
    x = base(inputs, training=False)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(32, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))


small = build(VGG16(include_top=False))
large = build(ConvNeXtTiny(include_top=False))
