# not runnable: it is trained, not only built
# target-keras: 3
import keras
from keras import layers

base = keras.applications.MobileNetV2(include_top=False, pooling="avg", input_shape=(96, 96, 3))
base.trainable = True
model = keras.Sequential([keras.Input((10, 96, 96, 3))])
model.add(layers.TimeDistributed(base))  # expect: BN507
model.add(layers.GRU(32))
model.add(layers.Dense(5, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(clips, labels)
