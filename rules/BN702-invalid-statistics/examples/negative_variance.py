# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((4,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.BatchNormalization(name="norm", scale=False)(x)  # expect: BN702
    model = Model(inputs, layers.Dense(3)(layers.ReLU()(x)))
    norm = model.get_layer("norm")
    beta, mean, variance = norm.get_weights()
    variance[0] = -0.25
    norm.set_weights([beta, mean, variance])
    return model
