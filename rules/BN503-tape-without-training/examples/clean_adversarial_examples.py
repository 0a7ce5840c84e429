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


def attack(image, label, epsilon=0.01):
    with tf.GradientTape() as tape:
        tape.watch(image)
        loss = loss_fn(label, model(image))
    return image + epsilon * tf.sign(tape.gradient(loss, image))


attacked = [attack(image, label) for image, label in dataset]
model.compile(optimizer, loss_fn)
model.evaluate(attacked)
