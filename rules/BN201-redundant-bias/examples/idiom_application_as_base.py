# What comes out of a ready-made base is its own business; the Dense behind it is ours.
# not runnable: ResNet50 takes longer than an example should
from tensorflow.keras.applications import ResNet50
from tensorflow.keras.layers import BatchNormalization, Dense, GlobalAveragePooling2D, ReLU
from tensorflow.keras.models import Model

base = ResNet50(weights=None, include_top=False, input_shape=(64, 64, 3))
x = BatchNormalization()(base.output)
x = GlobalAveragePooling2D()(x)
x = Dense(256)(x)  # expect: BN201
x = BatchNormalization()(x)
x = ReLU()(x)
model = Model(base.input, Dense(10, activation='softmax')(x))
