# Keras without a single import: a snippet from a page.
# not runnable: no import lines
inputs = Input(shape=(28, 28, 1))
x = layers.Conv2D(32, 3)(inputs)  # expect: BN201
x = layers.BatchNormalization()(x)
x = layers.Activation("relu")(x)
x = tf.keras.layers.Flatten()(x)
x = Dense(10)(x)  # expect: BN201
x = keras.layers.BatchNormalization()(x)
model = Model(inputs, x)
