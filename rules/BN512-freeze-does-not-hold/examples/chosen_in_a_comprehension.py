# not runnable: it is trained, not only built
import keras
from keras import layers

base = keras.applications.ResNet50(include_top=False, weights="imagenet", pooling="avg")
inputs = keras.Input((224, 224, 3))
model = keras.Model(inputs, layers.Dense(5, activation="softmax")(base(inputs)))
norms = [layer for layer in model.layers if isinstance(layer, layers.BatchNormalization)]
for norm in norms:  # expect: BN512
    norm.trainable = False
model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
model.fit(images, labels)
