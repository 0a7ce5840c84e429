# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def unet():
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3, padding="same", use_bias=False)(inputs)
    x = layers.Activation("swish")(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.Conv2D(3, 1)(x))


class Diffusion(keras.Model):
    def __init__(self):
        super().__init__()
        self.network = unet()
        self.average = unet()

    def train_step(self, images):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((self.network(images, training=True) - images) ** 2)
        weights = self.network.trainable_weights
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        for w, a in zip(self.network.trainable_weights, self.average.trainable_weights):  # expect: BN511
            a.assign(0.999 * a + 0.001 * w)
        return {"loss": loss}


model = Diffusion()
model.compile("adam")
model.fit(pictures, epochs=10)
