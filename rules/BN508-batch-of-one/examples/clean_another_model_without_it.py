# not runnable: it is trained, not only built
import keras
from keras import layers

plain = keras.Sequential([keras.Input((13,)), layers.Dense(64), layers.Dense(1)])
normalized = keras.Sequential(
    [
        keras.Input((13,)),
        layers.Dense(64, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Dense(1),
    ]
)
for model, size in ((plain, 1), (normalized, 32)):
    model.compile("adam", "mse")
    model.fit(x_train, y_train, batch_size=size)
