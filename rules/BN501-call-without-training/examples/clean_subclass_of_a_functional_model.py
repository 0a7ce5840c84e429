# target-keras: 3
# not runnable: it is trained, not only built
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        inputs = keras.Input((8,))
        x = layers.Dense(16, use_bias=False)(inputs)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        super().__init__(inputs, layers.Dense(1)(x))


model = Net()
model.compile(optimizer="adam", loss="mse")
model.fit(x_train, y_train, epochs=10)
