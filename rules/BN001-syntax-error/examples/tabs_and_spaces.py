# not runnable: tabs mixed with spaces
from keras.layers import BatchNormalization, Dense


def block(x):
        x = Dense(8, use_bias=False)(x)
	x = BatchNormalization()(x)  # expect: BN001
	return x
