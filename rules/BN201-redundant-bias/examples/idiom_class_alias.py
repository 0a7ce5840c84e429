# runnable: build
import tensorflow as tf

KL = tf.keras.layers
BN = KL.BatchNormalization
FC = KL.Dense


def build():
    x = inputs = KL.Input((6,))
    x = FC(8)(x)  # expect: BN201
    x = BN()(x)
    x = KL.ReLU()(x)
    return tf.keras.Model(inputs, x)
