# not runnable: it is trained, not only built
import keras
import numpy as np
from keras import layers

model = keras.Sequential(
    [
        keras.Input((8,)),
        layers.Dense(16, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Dense(1),
    ]
)
model.compile("adam", "mse")
x, y = np.zeros((64, 8)), np.zeros((64, 1))
model.fit(x, y)
