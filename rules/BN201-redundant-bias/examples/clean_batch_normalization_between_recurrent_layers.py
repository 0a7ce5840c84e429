# LayerNormalization stands beside it and is not taken for BatchNormalization.
# runnable: build
from keras.layers import GRU, BatchNormalization, Dense, Input, LSTM, LayerNormalization
from keras.models import Sequential


def build():
    model = Sequential()
    model.add(Input((7, 4)))
    model.add(LSTM(8, return_sequences=True))
    model.add(BatchNormalization())
    model.add(GRU(8, return_sequences=True))
    model.add(LayerNormalization())
    model.add(LSTM(4))
    model.add(BatchNormalization())
    model.add(Dense(3))
    model.add(LayerNormalization())
    model.add(Dense(1, activation='sigmoid'))
    return model
