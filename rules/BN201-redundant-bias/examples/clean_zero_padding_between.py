# The border is zero and the inside is shifted: the mean removes neither.
# runnable: build
import keras
from keras import layers


def build():
    img = keras.Input((12, 12, 3))
    x = layers.ZeroPadding2D(3)(img)
    x = layers.Conv2D(4, 7, strides=2, name="conv1_conv")(x)
    x = layers.ZeroPadding2D(padding=((1, 1), (1, 1)), name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(img, layers.ReLU()(x))
