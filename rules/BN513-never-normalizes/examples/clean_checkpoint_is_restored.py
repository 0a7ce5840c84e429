# not runnable: it is trained, not only built
import keras
import tensorflow as tf
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

tf.train.Checkpoint(model=model).restore("checkpoint-1")
model.compile("adam", "mse")
model.fit(x, y)
