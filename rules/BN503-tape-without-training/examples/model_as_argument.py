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


def step(net, x, y, opt):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, net(x))  # expect: BN503
    variables = net.trainable_variables
    opt.apply_gradients(zip(tape.gradient(loss, variables), variables))


def train(net, batches, opt):
    for x, y in batches:
        step(net, x, y, opt)


train(model, dataset, optimizer)
