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

images = tf.Variable(load_images())
with tf.GradientTape() as tape:
    tape.watch(images)
    score = model(images)[:, 0]
saliency = tf.abs(tape.gradient(score, images))
