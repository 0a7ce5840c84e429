# not runnable: it is trained, not only built
# target-keras: 2
from tensorflow import keras
from tensorflow.keras import layers

inputs = keras.Input((8,))
x = layers.Dense(16, use_bias=False)(inputs)
x = layers.BatchNormalization()(x, training=True)  # expect: BN515
model = keras.Model(inputs, layers.Dense(1)(x))
model.compile("adam", "mse")
model.fit(data, targets)
model.predict(data)
