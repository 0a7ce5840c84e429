# runnable: build
from keras.models import Sequential
from keras.layers import Input, Dense, Dropout, Activation, BatchNormalization

model = Sequential()
model.add(Input((20,)))
model.add(Dense(64, kernel_initializer='uniform'))  # expect: BN201
model.add(BatchNormalization())
model.add(Activation('tanh'))
model.add(Dropout(0.5))
model.add(Dense(64, kernel_initializer='uniform'))  # expect: BN201
model.add(BatchNormalization())
model.add(Activation('tanh'))
model.add(Dropout(0.5))
model.add(Dense(2, kernel_initializer='uniform'))  # expect: BN201
model.add(BatchNormalization())  # expect: BN303
model.add(Activation('softmax'))
model.compile(loss='binary_crossentropy', optimizer='sgd')


def build():
    return model
