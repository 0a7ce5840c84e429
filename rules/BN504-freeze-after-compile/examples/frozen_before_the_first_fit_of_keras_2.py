# target-keras: 2
# not runnable: it is trained, not only built
import keras
from keras import layers


def make_base():
    inputs = keras.Input((8,))
    x = layers.Dense(32, use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return keras.Model(inputs, x)


base = make_base()
inputs = keras.Input((8,))
model = keras.Model(inputs, layers.Dense(1)(base(inputs)))
model.compile(optimizer="adam", loss="mse")
base.trainable = False  # expect: BN504
model.fit(x_train, y_train, epochs=10)
