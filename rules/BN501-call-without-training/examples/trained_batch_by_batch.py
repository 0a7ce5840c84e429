# target-keras: 3
# not runnable: it is trained, not only built
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(16, use_bias=False)
        self.norm = layers.BatchNormalization()
        self.head = layers.Dense(1)

    def call(self, inputs):  # expect: BN501
        x = keras.ops.relu(self.norm(self.hidden(inputs)))
        return self.head(x)


class Trainer:
    def __init__(self):
        self.model = Net()
        self.model.compile(optimizer="adam", loss="mse")

    def run(self, batches):
        for x, y in batches:
            self.model.train_on_batch(x, y)


Trainer().run(load_batches())
