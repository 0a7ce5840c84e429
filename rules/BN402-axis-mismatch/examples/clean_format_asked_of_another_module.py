# What the function is called is enough: size, layers and axis follow the same setting.
# not runnable: the module is not there
from keras.layers import Activation, BatchNormalization, Conv2D
from keras.models import Sequential
from toolbox.keras_backend import image_data_format as layout


def classifier(rows, columns, colours):
    axis, shape = -1, (rows, columns, colours)
    if layout() == "channels_first":
        axis, shape = 1, (colours, rows, columns)
    model = Sequential()
    model.add(Conv2D(12, 3, use_bias=False, input_shape=shape))
    model.add(BatchNormalization(axis=axis))
    model.add(Activation("relu"))
    return model
