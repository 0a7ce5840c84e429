# not runnable: it is trained, not only built
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((8,)),
        layers.Dense(16, use_bias=False),
        layers.BatchNormalization(
            trainable=False,
            moving_mean_initializer=keras.initializers.Constant(3.0),
            moving_variance_initializer=keras.initializers.Constant(2.0),
        ),
        layers.ReLU(),
        layers.Dense(1),
    ]
)

model.compile("adam", "mse")
model.fit(x, y)
