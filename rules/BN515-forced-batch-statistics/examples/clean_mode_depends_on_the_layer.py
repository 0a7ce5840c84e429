# not runnable: it is trained, not only built
import keras
from keras import layers


class Freezable(layers.BatchNormalization):
    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=training and self.trainable)


model = keras.Sequential([keras.Input((8,)), Freezable(), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(data, targets)
model.predict(data)
