# Dropout sets whole activations to zero, bias included, so the shift differs between examples.
# runnable: build
import keras
from keras.layers import AlphaDropout, BatchNormalization, Conv2D, Dense, Dropout, Flatten, Input, ReLU, SpatialDropout2D


def build():
    model = keras.Sequential([Input((8, 8, 3))])
    model.add(Conv2D(8, 3, bias_initializer="ones"))
    model.add(SpatialDropout2D(0.3))  # expect: BN302
    model.add(BatchNormalization())
    model.add(ReLU())
    model.add(Flatten())
    model.add(Dense(8, bias_initializer="ones"))
    model.add(Dropout(0.5))  # expect: BN302
    model.add(BatchNormalization())
    model.add(ReLU())
    model.add(Dense(8))
    model.add(AlphaDropout(0.3))
    model.add(BatchNormalization())
    model.add(ReLU())
    return model
