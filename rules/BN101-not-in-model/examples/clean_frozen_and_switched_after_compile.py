# GAN code: trainable is switched back and forth around compile, on purpose.
# runnable: build
from keras.layers import BatchNormalization, Dense, Input, LeakyReLU
from keras.models import Model, Sequential


def make_discriminator():
    return Sequential([Input((6,)), Dense(8, use_bias=False), BatchNormalization(), LeakyReLU(), Dense(1, activation='sigmoid')])


def build():
    discriminator = make_discriminator()
    discriminator.compile(loss='binary_crossentropy', optimizer='adam')
    discriminator.trainable = False
    z = Input((4,))
    fake = Dense(6, activation='tanh')(z)
    combined = Model(z, discriminator(fake))
    combined.compile(loss='binary_crossentropy', optimizer='adam')
    discriminator.trainable = True
    return discriminator
