# not runnable: it is trained, not only built
import matplotlib.pyplot as plt
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

generator = keras.Sequential(
    [keras.Input((64,)), layers.Dense(64, use_bias=False), layers.BatchNormalization()]
)
generator.add(layers.Dropout(0.5))
generator.add(layers.Dense(784))
critic = keras.Sequential([keras.Input((784,)), layers.Dense(64), layers.Dense(1)])
first, second = keras.optimizers.Adam(), keras.optimizers.Adam()


def step(real, noise):
    with tf.GradientTape() as one, tf.GradientTape() as two:
        fake = generator(noise, training=True)
        judged, wanted = critic(fake, training=True), critic(real, training=True)
        g_loss, d_loss = -tf.reduce_mean(judged), tf.reduce_mean(judged - wanted)
    g = one.gradient(g_loss, generator.trainable_variables)
    d = two.gradient(d_loss, critic.trainable_variables)
    first.apply_gradients(zip(g, generator.trainable_variables))
    second.apply_gradients(zip(d, critic.trainable_variables))


def show(model, test_input):
    plt.imshow(model(test_input, training=True)[0])


for epoch in range(5):
    for real in data:
        step(real, tf.random.normal((32, 64)))
    show(generator, seed)
