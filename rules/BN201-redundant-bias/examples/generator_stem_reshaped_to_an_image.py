# The generator of most GAN tutorials. The bias is gone when the normalization stands before the
# reshape, and not when it stands behind it.
# runnable: build
import tensorflow as tf
from tensorflow.keras import layers


def normalized_vector(noise):
    x = layers.Dense(4 * 4 * 8)(noise)  # expect: BN201
    x = layers.BatchNormalization()(x)
    x = layers.LeakyReLU()(x)
    return layers.Reshape((4, 4, 8))(x)


def normalized_image(noise):
    x = layers.Dense(4 * 4 * 8)(noise)
    x = layers.Reshape((4, 4, 8))(x)
    x = layers.BatchNormalization()(x)
    return layers.LeakyReLU()(x)


def build():
    noise = tf.keras.Input((10,))
    x = layers.Add()([normalized_vector(noise), normalized_image(noise)])
    return tf.keras.Model(noise, layers.Conv2DTranspose(1, 5, padding='same', activation='tanh')(x))
