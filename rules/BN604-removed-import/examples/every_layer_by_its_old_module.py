# target-keras: 3
# not runnable: there are no such modules any more
from keras.layers.advanced_activations import LeakyReLU  # expect: BN604
from keras.layers.convolutional import (  # expect: BN604
    Convolution2D,
    MaxPooling2D,
)
from keras.layers.core import Dense, Flatten  # expect: BN604
from keras.layers.normalization import BatchNormalization as BN  # expect: BN604
from keras.models import Sequential

model = Sequential()
model.add(Convolution2D(32, (3, 3), use_bias=False, input_shape=(28, 28, 1)))
model.add(BN())
model.add(LeakyReLU())
model.add(MaxPooling2D())
model.add(Flatten())
model.add(Dense(10))
