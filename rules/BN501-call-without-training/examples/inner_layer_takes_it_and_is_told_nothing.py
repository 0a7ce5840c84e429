# target-keras: 3
# not runnable: it is trained, not only built
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units, use_bias=False)
        self.norm = layers.BatchNormalization()

    def call(self, inputs, training=None):
        return keras.ops.relu(self.norm(self.dense(inputs), training=training))


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = Block(64)
        self.second = Block(32)
        self.head = layers.Dense(1)

    def call(self, inputs):  # expect: BN501
        return self.head(self.second(self.first(inputs)))


model = Net()
model.compile(loss="mse", optimizer="adam")
history = model.fit(x, y, validation_split=0.1)
