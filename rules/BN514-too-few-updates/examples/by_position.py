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
x, y = np.zeros((32, 8), "float32"), np.ones((32, 1))
model.fit(x / 255.0, y, 8, 3)  # expect: BN514
model.predict(x)
