# not runnable: it is trained, not only built
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(16, use_bias=False)
        self.norm = layers.BatchNormalization()
        self.out = layers.Dense(1)

    def encode(self, x):
        return self.norm(self.hidden(x), training=True)  # expect: BN515

    def call(self, x, training=None):
        return self.out(keras.activations.relu(self.encode(x)))


net = Net()
net.compile("adam", "mse")
net.fit(data, targets, epochs=5)
print(net.predict(data[:1]))
