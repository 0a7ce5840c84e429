# What neither computes nor mixes is looked through.
# runnable: build
import keras
from keras import layers


def build():
    model = keras.Sequential([keras.Input((16, 16, 3))])
    model.add(layers.Conv2D(4, 3, activation="relu"))
    model.add(layers.MaxPooling2D())
    model.add(layers.BatchNormalization())  # expect: BN301
    model.add(layers.Conv2D(4, 3))
    model.add(layers.ReLU())
    model.add(layers.Dropout(0.2))  # expect: BN302
    model.add(layers.BatchNormalization())  # expect: BN301
    model.add(layers.Conv2D(4, 3, activation="relu"))
    model.add(layers.ZeroPadding2D())
    model.add(layers.BatchNormalization())  # expect: BN301
    model.add(layers.Conv2D(4, 3, activation="relu"))
    model.add(layers.UpSampling2D())
    model.add(layers.Flatten())
    model.add(layers.BatchNormalization())  # expect: BN301
    model.add(layers.Dense(2))
    return model
