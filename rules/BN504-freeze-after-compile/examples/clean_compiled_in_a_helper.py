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

def compile_and_fit(net, rate):
    net.compile(optimizer=keras.optimizers.Adam(rate), loss="mse")
    net.fit(x_train, y_train, epochs=10)


base.trainable = False
compile_and_fit(model, 1e-3)
base.trainable = True
compile_and_fit(model, 1e-5)
