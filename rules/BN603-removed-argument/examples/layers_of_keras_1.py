# target-keras: 3
# not runnable: Keras 3 raises ValueError
from keras.layers import Activation, BatchNormalization, Convolution2D, Dense, Dropout, Flatten
from keras.models import Sequential
from keras.regularizers import l2

model = Sequential()
model.add(Convolution2D(32, 3, 3, border_mode="same", bias=False))  # expect: BN603
model.add(BatchNormalization(mode=0))  # expect: BN603
model.add(Activation("relu"))
model.add(
    Convolution2D(  # expect: BN603
        nb_filter=64,
        nb_row=3,
        nb_col=3,
        subsample=(2, 2),
        dim_ordering="tf",
        W_regularizer=l2(1e-4),
        bias=False,
    )
)
model.add(BatchNormalization())
model.add(Activation("relu"))
model.add(Flatten())
model.add(Dropout(p=0.5))  # expect: BN603
model.add(Dense(10, init="he_normal", activation="softmax"))  # expect: BN603
