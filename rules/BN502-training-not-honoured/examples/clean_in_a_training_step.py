# target-keras: 3
# not runnable: it needs data
import tensorflow as tf
from keras import Input, Model, layers


def encoder():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))


def step(model, teacher, batch, optimizer):
    target = teacher(batch, training=False)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(batch, training=True) - target) ** 2)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))


step(encoder(), encoder(), tf.random.normal((4, 8)), tf.keras.optimizers.Adam())
