# target-keras: 3
# not runnable: the old network is not in TensorFlow any more
import tensorflow.python.keras.losses as losses  # expect: BN604
from tensorflow.keras import Input, Model, layers
from tensorflow.python.keras import backend as K  # expect: BN604
from tensorflow.python.keras.applications.vgg16 import VGG16  # expect: BN604


def head(features, classes):
    from tensorflow.python.keras.regularizers import l2  # expect: BN604

    x = layers.Dense(32, use_bias=False, kernel_regularizer=l2(1e-4))(features)
    x = layers.BatchNormalization()(x)
    return layers.Dense(classes)(layers.ReLU()(x))


def distance(y_true, y_pred):
    return K.sqrt(losses.mean_squared_error(y_true, y_pred))


base = VGG16(include_top=False, pooling="avg")
model = Model(base.input, head(base.output, 10))
model.compile("adam", distance)
