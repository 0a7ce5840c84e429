# not runnable: Haiku
import haiku as hk
import jax


class Net(hk.Module):
    def __init__(self):
        super().__init__()
        self.bn = hk.BatchNorm(create_scale=True, create_offset=True, decay_rate=0.9)

    def __call__(self, x, is_training):
        x = hk.Linear(8)(x)
        return jax.nn.relu(self.bn(x, is_training))
