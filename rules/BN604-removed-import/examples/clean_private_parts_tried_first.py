# target-keras: 3
# not runnable: it builds on data that is not here
import tensorflow as tf
from tensorflow.keras import Input, Model, layers
from tensorflow.python.framework import ops

try:
    from tensorflow.python.keras.utils.data_utils import Sequence
except ImportError:
    from tensorflow.keras.utils import Sequence

if tf.__version__ < "2.6":
    from tensorflow.python.keras import backend as K
else:
    from tensorflow.keras import backend as K


class Batches(Sequence):
    def __len__(self):
        return 8


inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = layers.BatchNormalization()(x)
model = Model(inputs, layers.ReLU()(x))
names = [ops.convert_to_tensor(K.floatx())]
