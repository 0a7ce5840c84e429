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


def build_model(learning_rate):
    model = Net()
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model


def train(model, dataset):
    if dataset is not None:
        model.fit(dataset, epochs=10, callbacks=[keras.callbacks.EarlyStopping()])


def main():
    model = build_model(1e-3)
    train(model, load_data())


if __name__ == "__main__":
    main()
