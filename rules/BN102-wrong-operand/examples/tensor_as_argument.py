# The tensor lands in `axis`; the layer is never applied.
# not runnable: Keras refuses the axis
from keras.layers import BatchNormalization, Conv2D, Input

inputs = Input((32, 32, 3))
x = Conv2D(16, 3, padding='same', activation='relu')(inputs)
x = BatchNormalization(x)  # expect: BN102
