# A layer that a test builds only to see it refused.
# not runnable: a test case
import unittest

import pytest
from keras import layers


class BatchNormalizationTest(unittest.TestCase):
    def test_bad_axis(self):
        with self.assertRaises(ValueError):
            layers.BatchNormalization(axis="channels")
        with self.assertRaisesRegex(ValueError, "momentum"):
            layers.BatchNormalization(momentum=-1)


def test_bad_argument():
    with pytest.raises(TypeError):
        layers.BatchNormalization(units=3)
