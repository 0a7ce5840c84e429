# not runnable: it is trained, not only built
from keras import Input, Model, layers


def build(units):
    inputs = Input((20, 8))
    x = layers.LSTM(units)(inputs)
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.Dense(1)(x))


def train(model, x, y, batch_size):
    model.compile("adam", "mse")
    for _ in range(10):
        model.fit(x, y, batch_size=batch_size, epochs=1, shuffle=False)  # expect: BN508


train(build(32), series, target, 1)
