# The gates stand between a recurrent layer's bias and its output.
# runnable: build
import keras
from keras import layers


def build():
    video = keras.Input((3, 6, 6, 2))
    x = layers.ConvLSTM2D(4, 3, padding="same", return_sequences=True)(video)
    x = layers.BatchNormalization()(x)
    x = layers.GlobalAveragePooling3D()(x)
    x = layers.Reshape((2, 2))(x)
    x = layers.LSTM(5)(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(video, layers.Dense(1)(x))
