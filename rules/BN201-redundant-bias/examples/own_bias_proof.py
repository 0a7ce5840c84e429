# y = BN(u + b): whatever b is, the mean takes it away again.
# runnable: build
import keras
from keras import layers


def build():
    u = keras.Input((6,))
    x = layers.Dense(4, bias_initializer="random_normal")(u)  # expect: BN201
    x_hat = layers.BatchNormalization(center=False, scale=False)(x)
    return keras.Model(u, x_hat)
