# not runnable: PyTorch
import torch.nn as nn
from torch.nn import BatchNorm2d as BatchNormalization


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.bn = BatchNormalization(8)

    def forward(self, x):
        return self.conv(x)


BatchNormalization(4)
