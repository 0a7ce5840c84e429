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
for _ in range(50):
    model.train_on_batch(next(batches), targets)  # expect: BN514
model.evaluate(x_test, y_test)
