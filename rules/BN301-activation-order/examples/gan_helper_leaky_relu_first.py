# runnable: build
from keras.layers import BatchNormalization, Conv2D, Input, LeakyReLU
from keras.models import Model


class GAN():
    def __init__(self):
        self.img_shape = (8, 8, 1)
        self.gf = 4
        self.generator = self.build_generator()

    def build_generator(self):

        def conv2d(layer_input, filters, f_size=4, bn=True):
            d = Conv2D(filters, kernel_size=f_size, strides=2, padding='same')(layer_input)
            d = LeakyReLU(negative_slope=0.2)(d)
            if bn:
                d = BatchNormalization(momentum=0.8)(d)  # expect: BN301
            return d

        d0 = Input(shape=self.img_shape)
        d1 = conv2d(d0, self.gf, bn=False)
        d2 = conv2d(d1, self.gf * 2)
        return Model(d0, d2)


def build():
    return GAN().generator
