# Axis 0 is the batch, whatever the data format.
# not runnable: Keras refuses to build it
from tensorflow.keras import backend as K
from tensorflow.keras import layers, models

channel_axis = 0
if K.image_data_format() == 'channels_last':
    channel_axis = -1

inputs = layers.Input((32, 32, 3))
x = layers.Conv2D(8, 3, use_bias=False)(inputs)
x = layers.BatchNormalization(axis=channel_axis)(x)  # expect: BN402 when image_data_format() is channels_first
x = layers.ReLU()(x)
model = models.Model(inputs, x)
