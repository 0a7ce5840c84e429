# not runnable: it is trained, not only built
from tensorflow import keras
from tensorflow.keras import layers


class Tuner:
    def __init__(self, base):
        self.base = base
        self.model = keras.Sequential([keras.Input((96, 96, 3)), base, layers.Dense(3)])

    def freeze(self):
        for layer in self.model.layers:
            if layer.__class__.__name__ == "BatchNormalization":  # expect: BN512
                layer.trainable = False

    def train(self, data):
        self.freeze()
        self.model.compile("adam", "mse")
        self.model.fit(data)


Tuner(keras.applications.MobileNetV2(include_top=False, pooling="avg")).train(pairs)
