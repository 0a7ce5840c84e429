# Statistics for each time step are another rule's subject.
# runnable: build
import keras
from keras.layers import BatchNormalization, Dense, Input, LSTM, ReLU, TimeDistributed


def build():
    model = keras.Sequential()
    model.add(Input((5, 4)))
    model.add(TimeDistributed(Dense(6, use_bias=False)))
    model.add(TimeDistributed(BatchNormalization()))
    model.add(ReLU())
    model.add(LSTM(4))
    return model
