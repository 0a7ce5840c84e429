# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(16, use_bias=False)
        self.norm = layers.BatchNormalization()
        self.out = layers.Dense(1)

    def call(self, x, training=None):
        return self.out(self.norm(self.hidden(x), training=training))

    def test_step(self, data):
        x, y = data
        predicted = self(x, training=True)  # expect: BN510
        loss = self.compute_loss(y=y, y_pred=predicted)
        return {"loss": loss}


net = Net()
net.compile("adam", "mse")
net.fit(x, y, validation_split=0.2)
