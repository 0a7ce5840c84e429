# not runnable: the depth comes from outside
from keras.layers import Activation, BatchNormalization, Dense, Dropout
from keras.models import Sequential


def mlp(n_layers, n_units, rate):
    model = Sequential()
    for _ in range(n_layers):
        model.add(Dense(n_units))  # expect: BN201
        model.add(BatchNormalization())
        model.add(Activation('relu'))
        model.add(Dropout(rate))
    model.add(Dense(1))
    return model
