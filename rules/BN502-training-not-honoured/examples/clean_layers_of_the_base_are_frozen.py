# target-keras: 3
# not runnable: a whole network takes long to build
from keras import Input, Model, layers
from keras.applications import EfficientNetB0

base = EfficientNetB0(include_top=False, weights="imagenet")
for layer in base.layers:
    if isinstance(layer, layers.BatchNormalization):
        layer.trainable = False

inputs = Input((224, 224, 3))
x = base(inputs, training=False)
x = layers.GlobalAveragePooling2D()(x)
model = Model(inputs, layers.Dense(10)(x))
