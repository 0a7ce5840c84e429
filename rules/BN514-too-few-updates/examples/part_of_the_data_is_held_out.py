# not runnable: it is trained, not only built
import keras
import numpy as np
from keras import layers

model = keras.Sequential(
    [
        keras.Input((8,)),
        layers.Dense(16, use_bias=False),
        layers.BatchNormalization(momentum=0.95),
        layers.ReLU(),
        layers.Dense(1),
    ]
)
model.compile("adam", "mse")
x = np.random.default_rng(1).uniform(size=(100, 8)).astype("float32")
y = x.sum(axis=1)
model.fit(x, y, batch_size=20, epochs=8, validation_split=0.2)  # expect: BN514
