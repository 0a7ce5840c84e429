# not runnable: it is trained, not only built
from keras import Model, layers, ops


class Base(Model):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units, use_bias=False)
        self.norm = layers.BatchNormalization()

    def call(self, inputs):  # expect: BN501
        return self.output_layer(ops.relu(self.norm(self.dense(inputs))))


class Regressor(Base):
    def __init__(self):
        super().__init__(32)
        self.output_layer = layers.Dense(1)


model = Regressor()
model.compile("adam", "mse")
model.fit(x_train, y_train)
