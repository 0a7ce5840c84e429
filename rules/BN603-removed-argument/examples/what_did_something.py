# target-keras: 3
# not runnable: Keras 3 raises ValueError
# Nothing has taken the place of these; what they did is lost without them.
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4, "he_normal", W_regularizer=None)(inputs)  # expect: BN603
x = layers.Activation("relu")(x)
x = layers.Dense(4, use_bias=False)(x)
x = layers.BatchNormalization(mode=2)(x)  # expect: BN603
x = layers.Dense(4, use_bias=False)(x)
x = layers.BatchNormalization(fused=False, virtual_batch_size=8)(x)  # expect: BN603
model = Model(inputs, layers.ReLU()(x))
