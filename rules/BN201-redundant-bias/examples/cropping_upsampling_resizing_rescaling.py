# runnable: build
import keras
from keras import layers as L


def build():
    img = keras.Input((10, 10, 3))
    x = L.Conv2D(4, 3)(img)  # expect: BN201
    x = L.Cropping2D(1)(x)
    x = L.BatchNormalization()(x)
    x = L.ReLU()(x)
    x = L.Conv2D(4, 3)(x)  # expect: BN201
    x = L.UpSampling2D(2)(x)
    x = L.BatchNormalization()(x)
    x = L.ReLU()(x)
    x = L.Conv2D(4, 3)(x)  # expect: BN201
    x = L.Resizing(5, 5)(x)
    x = L.BatchNormalization()(x)
    x = L.ReLU()(x)
    x = L.Conv2D(4, 3)(x)  # expect: BN201
    x = L.Rescaling(0.5, offset=1.0)(x)
    x = L.BatchNormalization()(x)
    return keras.Model(img, L.ReLU()(x))
