# runnable: build
import keras
from keras.layers import BatchNormalization, Dense, LayerNormalization

FROZEN = (BatchNormalization, LayerNormalization)


def build():
    model = keras.Sequential([keras.Input((6,)), Dense(4, use_bias=False), BatchNormalization(), Dense(1)])
    for layer in model.layers:
        if isinstance(layer, FROZEN) or isinstance(layer, BatchNormalization):
            layer.trainable = False
    return model
