# A slip of its author: with a rate above 0 the stem returns a layer in the place of a tensor, which no
# caller asks for. The normalization has a use under the default.
# not runnable: the callers are elsewhere
import keras
from keras import layers


def stem(x, width, convolutional=False, rate=0, activation="gelu", name="stem_"):
    if convolutional:
        x = layers.Conv2D(width // 2, 3, strides=2, use_bias=False, name=name + "1")(x)
        x = layers.BatchNormalization(name=name + "1_norm")(x)
        x = layers.Activation(activation)(x)
        x = layers.Conv2D(width, 3, strides=2, use_bias=False, name=name + "2")(x)
        x = layers.BatchNormalization(name=name + "2_norm")(x)
    else:
        x = layers.Conv2D(width, 4, strides=4, name=name + "1")(x)
        x = layers.LayerNormalization(name=name + "1_norm")(x)
    x = layers.Dropout(rate) if rate > 0 else x
    return x


def net(
    widths=(64, 128),
    convolutional=False,
    rate=0,
    width=-1,
    rescale=0,
    crop=0,
    noise=0,
    shape=(64, 64, 3),
    top=True,
    classes=10,
):
    x = inputs = keras.Input(shape)
    width = width if width > 0 else widths[0]
    if rescale > 0:
        x = layers.Rescaling(rescale)(x)
    if crop > 0:
        x = layers.CenterCrop(crop, crop)(x)
    if noise > 0:
        x = layers.GaussianNoise(noise)(x)
    x = stem(x, width, convolutional, rate=rate)
    for number, width in enumerate(widths):
        if number > 0:
            if convolutional:
                x = layers.Conv2D(width, 3, use_bias=False)(x)
                x = layers.BatchNormalization()(x)
            else:
                x = layers.Conv2D(width, 2)(x)
                x = layers.LayerNormalization()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Concatenate()([x, layers.GlobalAveragePooling2D()(inputs)])
    if top and classes > 0:
        x = layers.Dense(classes)(x)
    return keras.Model(inputs, x)


def small(shape=(64, 64, 3), top=False, **options):
    return net(shape=shape, top=top, **options)


def large(shape=(64, 64, 3), top=False, **options):
    widths = [64, 128, 256]
    convolutional = True
    return net(**locals(), **options)


def huge(shape=(64, 64, 3), top=False, **options):
    return net([64, 128, 256, 512], convolutional=True, shape=shape, top=top, **options)
