# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def make_model():
    return keras.Sequential(
        [
            layers.Dense(32, use_bias=False, input_shape=(8,)),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(1),
        ]
    )


model = make_model()
optimizer = keras.optimizers.Adam()
loss_fn = keras.losses.MeanSquaredError()

other = keras.Sequential([layers.Dense(8, input_shape=(8,)), layers.Dense(1)])
for x, y in dataset:
    with tf.GradientTape() as tape:
        loss = loss_fn(y, other(x))
    gradients = tape.gradient(loss, other.trainable_variables)
    optimizer.apply_gradients(zip(gradients, other.trainable_variables))
print(model(x))
