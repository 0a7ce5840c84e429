# The layers module comes in by keyword, as in older application packages.
# not runnable: the submodules come from the caller
from . import get_submodules_from_kwargs


def Net(input_shape=(32, 32, 3), classes=10, **kwargs):
    backend, layers, models, utils = get_submodules_from_kwargs(kwargs)
    img_input = layers.Input(shape=input_shape)
    bn_axis = 3 if backend.image_data_format() == 'channels_last' else 1
    x = layers.Conv2D(16, 3, name='conv1')(img_input)  # expect: BN201
    x = layers.BatchNormalization(axis=bn_axis, name='bn1')(x)
    x = layers.Activation('relu')(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(classes, activation='softmax')(x)
    return models.Model(img_input, x)
