# not runnable: it is trained, not only built
import keras
import numpy as np
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(16, use_bias=False)
        self.norm = layers.BatchNormalization()
        self.drop = layers.Dropout(0.3)
        self.out = layers.Dense(1)

    def call(self, x, training=None):
        x = self.norm(self.hidden(x), training=training)
        return self.out(self.drop(x, training=training))


net = Net()
net.compile("adam", "mse")
net.fit(x, y, epochs=3)
runs = [net(x_new, training=True) for _ in range(25)]  # expect: BN510
print(np.mean(runs, axis=0))
