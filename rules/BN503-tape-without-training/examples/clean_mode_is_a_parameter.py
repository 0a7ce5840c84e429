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


def compute_loss(net, x, y, training):
    return loss_fn(y, net(x, training=training))


def grad(net, inputs, targets, training=True):
    with tf.GradientTape() as tape:
        loss = compute_loss(net, inputs, targets, training)
    return loss, tape.gradient(loss, net.trainable_variables)


for x, y in dataset:
    loss, gradients = grad(model, x, y)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
