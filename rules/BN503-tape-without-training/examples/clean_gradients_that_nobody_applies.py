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

fisher = [tf.zeros_like(w) for w in model.trainable_variables]
for x, y in dataset:
    with tf.GradientTape() as tape:
        log_likelihood = -loss_fn(y, model(x))
    grads = tape.gradient(log_likelihood, model.trainable_variables)
    fisher = [f + g**2 for f, g in zip(fisher, grads)]
