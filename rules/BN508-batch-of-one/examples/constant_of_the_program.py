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
BATCH_SIZE = 1
history = model.fit(x_train, y_train, batch_size=BATCH_SIZE)  # expect: BN508
