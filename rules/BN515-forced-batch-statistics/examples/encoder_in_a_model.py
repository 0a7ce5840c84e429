# not runnable: it is trained, not only built
import keras
from keras import layers

encoder = keras.Sequential(
    [keras.Input((8,)), layers.Dense(16, use_bias=False), layers.BatchNormalization()]
)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = encoder
        self.out = layers.Dense(1)

    def call(self, x, training=None):
        return self.out(self.encoder(x, training=True))  # expect: BN515


net = Net()
net.compile("adam", "mse")
net.fit(data, targets)
net.predict(data)
