# runnable: build
from keras.models import Sequential
from keras.layers import Input, Dense, Dropout, BatchNormalization

model = Sequential()
model.add(Input((13,)))
model.add(Dense(32, activation='relu'))
BatchNormalization()  # expect: BN101
model.add(Dropout(0.2))
model.add(Dense(16, activation='relu'))
BatchNormalization()  # expect: BN101
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam')


def build():
    return model
