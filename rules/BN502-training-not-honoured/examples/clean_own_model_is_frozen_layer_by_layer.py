# target-keras: 3
# runnable: build
import keras
from keras import layers


def build():
    images = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, use_bias=False)(images)
    x = layers.BatchNormalization()(x)
    features = keras.Model(images, layers.ReLU()(x))
    for layer in features.layers:
        layer.trainable = False
    inputs = keras.Input((8, 8, 3))
    x = features(inputs, training=False)
    return keras.Model(inputs, layers.Dense(2)(layers.Flatten()(x)))
