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


@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        logits = model(images)  # expect: BN503
        loss = loss_fn(labels, logits) + sum(model.losses)
    grads = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(grads, model.trainable_weights))
    return loss


def test_step(images):
    return model(images, training=False)


for epoch in range(10):
    for images, labels in train_dataset:
        train_step(images, labels)
    for images, _ in test_dataset:
        test_step(images)
