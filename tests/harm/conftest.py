"""The libraries in which the harm that a rule warns of is reproduced."""

from __future__ import annotations

import os
from typing import Any

import pytest


@pytest.fixture(params=["keras", "tf_keras"], scope="session")
def library(request: pytest.FixtureRequest) -> Any:
    """Keras 3 on TensorFlow, then Keras 2 as ``tf_keras`` has it where that is installed."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    found = pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    found.utils.set_random_seed(1)
    return found


@pytest.fixture(scope="session")
def is_keras_3(library: Any) -> bool:
    """Whether it is Keras 3; the other is Keras 2."""
    return bool(library.__name__ == "keras")
