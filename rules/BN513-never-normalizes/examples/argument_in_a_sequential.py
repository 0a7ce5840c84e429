# not runnable: it is trained, not only built
from tensorflow import keras
from tensorflow.keras import layers

net = keras.Sequential()
net.add(keras.Input((28, 28, 1)))
net.add(layers.Conv2D(16, 3, use_bias=False))
net.add(layers.BatchNormalization(trainable=False))  # expect: BN513
net.add(layers.ReLU())
net.add(layers.Conv2D(32, 3, use_bias=False))
net.add(layers.BatchNormalization(trainable=False))  # expect: BN513
net.add(layers.Flatten())
net.add(layers.Dense(10, activation="softmax"))
net.compile("adam", "sparse_categorical_crossentropy")
net.fit(images, labels, epochs=5)
