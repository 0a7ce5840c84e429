# not runnable: it is trained, not only built
from tensorflow import keras
from tensorflow.keras import layers

base = keras.applications.EfficientNetB0(include_top=False, pooling="avg")
base.trainable = False
inputs = keras.Input((224, 224, 3))
x = base(inputs)
x = layers.Dense(256, use_bias=False)(x)
x = layers.ReLU()(layers.BatchNormalization()(x))
model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(train, validation_data=validation, epochs=10)

base.trainable = False
model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
model.fit(train, validation_data=validation, epochs=10)
