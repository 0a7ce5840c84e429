# not runnable: Flax
from flax import linen as nn
from flax.linen import BatchNorm, Dense


class Block(nn.Module):
    features: int

    @nn.compact
    def __call__(self, x, train):
        x = Dense(self.features)(x)
        x = BatchNorm(use_running_average=not train)(x)
        return nn.relu(x)
