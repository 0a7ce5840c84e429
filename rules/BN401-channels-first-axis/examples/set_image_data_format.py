# not runnable: it would set the data format for every other example
from tensorflow.keras import backend as K
from tensorflow.keras import layers, models

K.set_image_data_format('channels_first')

model = models.Sequential()
model.add(layers.Conv2D(32, 3, input_shape=(3, 64, 64)))
model.add(layers.BatchNormalization())  # expect: BN401
model.add(layers.Activation('relu'))
