# not runnable: builds no model
from keras import layers


def attention_gate(x, filters):
    gate = layers.Conv2D(filters, 1, use_bias=False)(x)
    gate = layers.BatchNormalization()(gate)
    return layers.Activation("sigmoid")(gate)
