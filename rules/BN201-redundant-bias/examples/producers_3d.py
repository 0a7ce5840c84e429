# runnable: build
import keras


def build():
    model = keras.Sequential()
    model.add(keras.Input((6, 6, 6, 1)))
    model.add(keras.layers.Conv3D(4, 3))  # expect: BN201
    model.add(keras.layers.BatchNormalization())
    model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Conv3DTranspose(2, 3, padding="same"))  # expect: BN201
    model.add(keras.layers.BatchNormalization())
    model.add(keras.layers.Activation("relu"))
    return model
