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

    def call(self, inputs):
        x = keras.ops.relu(self.norm(self.hidden(inputs)))
        return self.head(x)


model = Net()
model.load_weights("pretrained.weights.h5")
model.norm.trainable = False
model.compile(optimizer="adam", loss="mse")
model.fit(x_train, y_train)
