# target-keras: 3
# not runnable: a whole network takes long to build
# The base was called so that fine-tuning leaves its statistics alone, as Keras 2 did.
import keras
from keras import layers

base = keras.applications.Xception(weights="imagenet", input_shape=(150, 150, 3), include_top=False)
base.trainable = False

inputs = keras.Input(shape=(150, 150, 3))
x = layers.Rescaling(scale=1 / 127.5, offset=-1)(inputs)
x = base(x, training=False)  # expect: BN502
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dropout(0.2)(x)
outputs = layers.Dense(1)(x)
model = keras.Model(inputs, outputs)

model.compile(optimizer=keras.optimizers.Adam(), loss="binary_crossentropy")
model.fit(train_ds, epochs=2, validation_data=validation_ds)

base.trainable = True
model.compile(optimizer=keras.optimizers.Adam(1e-5), loss="binary_crossentropy")
model.fit(train_ds, epochs=1, validation_data=validation_ds)
