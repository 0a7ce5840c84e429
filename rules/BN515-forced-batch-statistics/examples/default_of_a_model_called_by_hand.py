# not runnable: it is trained, not only built
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(16, use_bias=False)
        self.norm = layers.BatchNormalization()
        self.out = layers.Dense(1)

    def call(self, x, training=True):
        x = self.norm(self.hidden(x), training=training)  # expect: BN515
        return self.out(x)


net = Net()
net.compile("adam", "mse")
net.fit(data, targets)
print(net(data[:1]))
