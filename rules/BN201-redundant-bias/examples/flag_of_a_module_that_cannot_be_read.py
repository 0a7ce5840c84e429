# not runnable: the module of its settings is made when the program is installed
import generated_settings
import keras
from generated_settings import NORM, WITH_NORM
from keras import layers


def encoder(inputs):
    x = layers.Dense(8)(inputs)  # expect: BN201 when WITH_NORM is true
    if WITH_NORM:
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def decoder(inputs):
    x = layers.Dense(8)(inputs)  # expect: BN201 when NORM is 'batch'
    if NORM == "batch":
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def critic(inputs):
    normalize = layers.BatchNormalization() if generated_settings.CRITIC.norm else None
    x = layers.Dense(8)(inputs)  # expect: BN201 when generated_settings.CRITIC.norm is true
    if normalize is not None:
        x = normalize(x)
    return layers.ReLU()(x)


def build():
    inputs = keras.Input((4,))
    return keras.Model(inputs, critic(decoder(encoder(inputs))))
