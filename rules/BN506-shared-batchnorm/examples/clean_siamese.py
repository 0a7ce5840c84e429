# runnable: build
from keras import Input, Model, layers


def build():
    tower_input = Input((8,))
    x = layers.Dense(4, use_bias=False)(tower_input)
    x = layers.BatchNormalization()(x)
    tower = Model(tower_input, layers.ReLU()(x))
    left, right = Input((8,)), Input((8,))
    return Model([left, right], layers.Subtract()([tower(left), tower(right)]))
