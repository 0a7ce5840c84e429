# target-keras: 3
# not runnable: it is trained, not only built
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self, norm=layers.LayerNormalization):
        super().__init__()
        self.hidden = layers.Dense(16)
        self.norm = norm()  # not BatchNormalization
        self.head = layers.Dense(1)

    def call(self, inputs):
        return self.head(self.norm(self.hidden(inputs)))


model = Net()
model.compile(optimizer="adam", loss="mse")
model.fit(x_train, y_train, epochs=10)
