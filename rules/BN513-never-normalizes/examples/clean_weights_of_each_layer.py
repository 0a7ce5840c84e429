# not runnable: it is trained, not only built
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((8,)),
        layers.Dense(16, use_bias=False),
        layers.BatchNormalization(trainable=False),
        layers.ReLU(),
        layers.Dense(1),
    ]
)

for own, theirs in zip(model.layers, trained.layers):
    own.set_weights(theirs.get_weights())
model.compile("adam", "mse")
model.fit(x, y)
