# A converter left its second normalization as a scale and a shift; it is frozen while the rest trains.
# runnable: build
import numpy as np
from keras import Input, Model, layers


def build():
    inputs = Input((4,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dense(8, use_bias=False)(x)
    converted = layers.BatchNormalization(name="converted")
    x = layers.ReLU()(converted(x))
    model = Model(inputs, layers.Dense(3)(x))
    converted.set_weights([np.linspace(0.5, 2, 8), np.ones(8), np.zeros(8), np.ones(8)])
    converted.trainable = False
    random = np.random.default_rng(1)
    model.compile("sgd", "mse")
    model.fit(random.normal(size=(32, 4)), random.normal(size=(32, 3)), epochs=2, verbose=0)
    return model
