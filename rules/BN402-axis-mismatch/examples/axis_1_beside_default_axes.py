# The other normalizations show that the channels are last.
# runnable: build
from keras.layers import Activation, BatchNormalization, Conv2D, Input
from keras.models import Sequential

model = Sequential()
model.add(Input((12, 12, 3)))
model.add(Conv2D(4, (3, 3), use_bias=False))
model.add(BatchNormalization(axis=1))  # expect: BN402
model.add(Activation('relu'))
model.add(Conv2D(4, (3, 3), use_bias=False))
model.add(BatchNormalization())
model.add(Activation('relu'))


def build():
    return model
