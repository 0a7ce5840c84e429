# A Python 2 script: the model around the old line is read all the same.
# not runnable: Python 2
from keras.models import Sequential
from keras.layers import Dense, BatchNormalization

model = Sequential()
model.add(Dense(8, input_dim=4))
BatchNormalization()  # expect: BN101
print "building"  # expect: BN001
model.add(Dense(1))
