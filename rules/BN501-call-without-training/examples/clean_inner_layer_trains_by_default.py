# target-keras: 3
# not runnable: it is trained, not only built
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units, use_bias=False)
        self.norm = layers.BatchNormalization()

    def call(self, inputs, training=True):
        return keras.ops.relu(self.norm(self.dense(inputs), training=training))


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = Block(64)
        self.head = layers.Dense(1)

    def call(self, inputs):
        return self.head(self.first(inputs))


model = Net()
model.compile(loss="mse", optimizer="adam")
model.fit(x, y)
