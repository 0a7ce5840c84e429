# not runnable: it is trained, not only built
# target-keras: 2
import keras
from keras import layers


def encoder():
    inputs = keras.Input((16, 16, 1))
    x = layers.Conv2D(8, 3, use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.GlobalAveragePooling2D()(x))


frames = keras.Input((8, 16, 16, 1))
each = encoder()
x = layers.TimeDistributed(each)(frames)
model = keras.Model(frames, layers.Dense(1)(layers.LSTM(16)(x)))
model.compile("adam", "mse")
model.fit(x_train, y_train)
