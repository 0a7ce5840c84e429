# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow.keras import layers, Sequential

encoder = Sequential(
    [
        layers.Dense(64, use_bias=False, input_shape=(784,)),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Dense(8),
    ]
)
decoder = Sequential([layers.Dense(64, activation="relu", input_shape=(8,)), layers.Dense(784)])
optimizer = tf.keras.optimizers.Adam()

for x in dataset:
    with tf.GradientTape() as tape:
        code = encoder(x)  # expect: BN503
        loss = tf.reduce_mean((x - decoder(code)) ** 2)
    variables = encoder.trainable_variables + decoder.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
