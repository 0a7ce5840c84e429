# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow.keras import Sequential, layers, optimizers


def make_generator():
    model = Sequential()
    model.add(layers.Dense(7 * 7 * 64, use_bias=False, input_shape=(100,)))
    model.add(layers.BatchNormalization())
    model.add(layers.LeakyReLU())
    model.add(layers.Reshape((7, 7, 64)))
    model.add(layers.Conv2DTranspose(1, 5, strides=4, padding="same", activation="tanh"))
    return model


def make_discriminator():
    model = Sequential()
    model.add(layers.Conv2D(64, 5, strides=2, padding="same", input_shape=(28, 28, 1)))
    model.add(layers.LeakyReLU())
    model.add(layers.Flatten())
    model.add(layers.Dense(1))
    return model


generator = make_generator()
discriminator = make_discriminator()
generator_optimizer = optimizers.Adam(1e-4)
discriminator_optimizer = optimizers.Adam(1e-4)


@tf.function
def train_step(images):
    noise = tf.random.normal([256, 100])
    with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
        generated = generator(noise)  # expect: BN503
        real = discriminator(images)
        fake = discriminator(generated)
        gen_loss = generator_loss(fake)
        disc_loss = discriminator_loss(real, fake)
    gen_grads = gen_tape.gradient(gen_loss, generator.trainable_variables)
    disc_grads = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
    generator_optimizer.apply_gradients(zip(gen_grads, generator.trainable_variables))
    discriminator_optimizer.apply_gradients(zip(disc_grads, discriminator.trainable_variables))


for batch in dataset:
    train_step(batch)
