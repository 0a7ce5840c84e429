# slim takes the bias away itself when a normalizer is given.
# not runnable: TensorFlow 1
import tensorflow as tf
import tensorflow.contrib.slim as slim


def net(images, is_training):
    params = {'is_training': is_training, 'decay': 0.99}
    x = slim.conv2d(images, 32, [3, 3], normalizer_fn=slim.batch_norm, normalizer_params=params)
    x = slim.conv2d(x, 64, [3, 3], normalizer_fn=slim.batch_norm, normalizer_params=params)
    return slim.fully_connected(slim.flatten(x), 10, activation_fn=None)
