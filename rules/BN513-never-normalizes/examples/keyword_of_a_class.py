# not runnable: it is trained, not only built
from keras import Input, Model
from keras.layers import BatchNormalization, Conv2D, GlobalAveragePooling2D, Dense, ReLU


class Builder:
    def __init__(self, train_bn):
        self.train_bn = train_bn

    def block(self, x, filters):
        x = Conv2D(filters, 3, use_bias=False)(x)
        x = BatchNormalization(trainable=self.train_bn)(x)  # expect: BN513
        return ReLU()(x)

    def build(self):
        inputs = Input((32, 32, 3))
        x = self.block(self.block(inputs, 8), 16)
        return Model(inputs, Dense(2)(GlobalAveragePooling2D()(x)))


model = Builder(train_bn=False).build()
model.compile("sgd", "mse")
model.train_on_batch(images, labels)
