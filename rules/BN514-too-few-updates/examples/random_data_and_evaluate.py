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
x = np.random.normal(size=(200, 8))
y = np.random.rand(200, 1)
model.fit(x, y, epochs=10)  # expect: BN514
print(model.evaluate(x, y))
