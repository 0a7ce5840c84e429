# runnable: build
from keras import Input, Sequential, layers


def build():
    model = Sequential()
    model.add(Input((8,)))
    model.add(layers.Dense(16, use_bias=False))
    model.add(layers.BatchNormalization())
    model.add(layers.Activation("tanh"))
    model.add(layers.Dense(3, use_bias=False))
    model.add(layers.BatchNormalization())  # expect: BN303
    model.add(layers.Activation("softmax"))
    return model
