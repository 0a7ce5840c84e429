# target-keras: 3
# not runnable: it is trained, not only built
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(8)

    def call(self, inputs):
        return self.norm(inputs)


model = Net()
model.compile()
model.fit(x, y)
