# target-keras: 3.3
# runnable: build
import keras
from keras import layers


def backbone():
    images = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, use_bias=False)(images)
    x = layers.BatchNormalization()(x)
    return keras.Model(images, layers.ReLU()(x), name="backbone")


def build():
    features = backbone()
    images = keras.Input((8, 8, 3))
    x = features(images, training=False)  # expect: BN502
    x = layers.GlobalAveragePooling2D()(x)
    model = keras.Model(images, layers.Dense(2)(x))
    model.compile("sgd", "mse")
    return model
