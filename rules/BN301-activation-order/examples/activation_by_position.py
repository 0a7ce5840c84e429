# runnable: build
from keras.layers import BatchNormalization, Dense, Input
from keras.models import Sequential

model = Sequential()
model.add(Input((6,)))
model.add(Dense(16, 'relu'))
model.add(BatchNormalization())  # expect: BN301
model.add(Dense(8, 'linear'))  # expect: BN201
model.add(BatchNormalization())
model.add(Dense(1, 'sigmoid'))


def build():
    return model
