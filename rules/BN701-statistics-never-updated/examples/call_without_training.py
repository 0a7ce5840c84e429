# Keras 3 trains such a model, but its normalizations stay in inference mode.
# runnable: build
import numpy as np
from keras import Model, layers


class Net(Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(8, use_bias=False)
        self.norm = layers.BatchNormalization()  # expect: BN701
        self.head = layers.Dense(3)

    def call(self, x):
        return self.head(self.norm(self.hidden(x)))


def build():
    random = np.random.default_rng(1)
    model = Net()
    model.compile("sgd", "mse")
    model.fit(random.normal(size=(32, 4)), random.normal(size=(32, 3)), epochs=2, verbose=0)
    return model
