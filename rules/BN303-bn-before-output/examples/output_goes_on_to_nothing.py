# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((6,))
    x = layers.Dense(2, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)  # expect: BN303
    outputs = layers.Activation("softmax")(x)
    logits = layers.Activation("tanh")(outputs)
    return Model(inputs, outputs)
