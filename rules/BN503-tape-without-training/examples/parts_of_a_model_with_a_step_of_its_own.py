# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers

encoder = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(64, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Dense(8),
    ]
)
decoder = keras.Sequential([keras.Input((8,)), layers.Dense(784, activation="sigmoid")])


class Autoencoder(keras.Model):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def train_step(self, data):
        with tf.GradientTape() as tape:
            code = self.encoder(data)  # expect: BN503
            loss = tf.reduce_mean((data - self.decoder(code)) ** 2)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights))
        return {"loss": loss}


autoencoder = Autoencoder(encoder, decoder)
autoencoder.compile(optimizer="adam")
autoencoder.fit(images, epochs=30)
