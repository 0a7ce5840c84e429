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

image = tf.Variable(content)
for _ in range(100):
    with tf.GradientTape() as tape:
        outputs = model(image)
        loss = style_loss(outputs)
    gradient = tape.gradient(loss, image)
    optimizer.apply_gradients([(gradient, image)])
