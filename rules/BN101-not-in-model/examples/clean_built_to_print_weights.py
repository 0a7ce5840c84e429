# A guide that looks at a layer's weights.
# not runnable: a guide, it builds no model
from tensorflow.keras import layers

layer = layers.BatchNormalization()
layer.build((None, 4))

print("weights:", len(layer.weights))
print("trainable_weights:", len(layer.trainable_weights))
print("non_trainable_weights:", len(layer.non_trainable_weights))
