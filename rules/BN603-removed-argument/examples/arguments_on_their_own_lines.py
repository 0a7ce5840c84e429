# target-keras: 3
# not runnable: Keras 3 raises ValueError
from keras import Input, Model, layers

inputs = Input((8, 8, 3))
x = layers.Conv2D(
    filters=4,
    kernel_size=3,
    use_bias=False,
)(inputs)
x = layers.BatchNormalization(  # expect: BN603
    epsilon=1e-6,
    momentum=0.9,
    gamma_init="one",  # as in the paper
    weights=None,
    fused=True,
)(x)
model = Model(inputs, layers.ReLU()(x))
