# not runnable: it is trained, not only built
# target-keras: 3.12
import keras
from keras import layers

base = keras.applications.ResNet50(include_top=False, pooling="avg")
base.trainable = False
inputs = keras.Input((224, 224, 3))
features = base(inputs, training=False)
model = keras.Model(inputs, layers.Dense(3, activation="softmax")(features))
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(images, epochs=3)
base.trainable = True  # expect: BN504
model.fit(images, epochs=3)
