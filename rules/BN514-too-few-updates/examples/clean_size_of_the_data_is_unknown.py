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
model.fit(x_train, y_train, batch_size=3, epochs=2)
model.predict(x_train)
