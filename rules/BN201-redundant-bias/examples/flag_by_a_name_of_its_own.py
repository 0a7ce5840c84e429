# not runnable: asks for flags of the command line
from absl import flags
from tensorflow.keras import layers

flags.DEFINE_bool("bn", True, "normalize")
FLAGS = flags.FLAGS


def unit(x):
    x = layers.Conv2D(8, 3)(x)  # expect: BN201 when FLAGS.bn is true
    if FLAGS.bn:
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)
