# not runnable: it is trained, not only built
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((13,)),
        layers.Dense(64, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Dense(1),
    ]
)
model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
model.fit(x_train, y_train, 1, 80)  # expect: BN508
