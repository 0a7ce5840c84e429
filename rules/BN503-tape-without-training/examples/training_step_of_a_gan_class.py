# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers

generator = keras.Sequential(
    [
        keras.Input((16,)),
        layers.Dense(64, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Dense(784),
    ]
)
discriminator = keras.Sequential(
    [keras.Input((784,)), layers.Dense(64), layers.LeakyReLU(), layers.Dense(1)]
)


class GAN(keras.Model):
    def __init__(self, discriminator, generator, latent_dim):
        super().__init__()
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn

    def train_step(self, real):
        noise = tf.random.normal((tf.shape(real)[0], self.latent_dim))
        fake = self.generator(noise)
        with tf.GradientTape() as tape:
            predictions = self.discriminator(tf.concat([fake, real], axis=0))
            d_loss = self.loss_fn(labels_of(real), predictions)
        grads = tape.gradient(d_loss, self.discriminator.trainable_weights)
        self.d_optimizer.apply_gradients(zip(grads, self.discriminator.trainable_weights))
        with tf.GradientTape() as tape:
            predictions = self.discriminator(self.generator(noise))  # expect: BN503
            g_loss = self.loss_fn(tf.zeros_like(predictions), predictions)
        grads = tape.gradient(g_loss, self.generator.trainable_weights)
        self.g_optimizer.apply_gradients(zip(grads, self.generator.trainable_weights))
        return {"d_loss": d_loss, "g_loss": g_loss}


gan = GAN(discriminator, generator, latent_dim=16)
gan.compile(keras.optimizers.Adam(), keras.optimizers.Adam(), keras.losses.BinaryCrossentropy())
gan.fit(dataset, epochs=20)
