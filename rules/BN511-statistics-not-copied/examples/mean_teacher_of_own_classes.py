# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers import BatchNormalization, Conv2D, Dense, GlobalAveragePooling2D


class Student(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = Conv2D(16, 3, use_bias=False)
        self.norm = BatchNormalization()
        self.pool = GlobalAveragePooling2D()
        self.out = Dense(10)

    def call(self, x, training=None):
        x = tf.nn.relu(self.norm(self.conv(x), training=training))
        return self.out(self.pool(x))


student, teacher = Student(), Student()


@tf.function
def move_teacher(decay):
    for t, s in zip(teacher.trainable_variables, student.trainable_variables):  # expect: BN511
        t.assign_sub((1.0 - decay) * (t - s))


for batch in batches:
    move_teacher(0.99)
