from __future__ import annotations

import os
import re
from importlib import metadata
from pathlib import Path

import pytest

# What the tests start in processes of their own is this checkout, installed or not.
os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])

TABLES_ARE_OF = (3, 15)
"""The Keras that ``bnlint/keras_api`` describes. Older ones lack layers and arguments of it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs Keras where there is none, or one that is older than the tables."""
    try:
        installed = metadata.version("keras")
        metadata.version("tensorflow")
    except metadata.PackageNotFoundError as error:
        reason, fits_any = f"{error.name} is not installed", False
    else:
        if tuple(map(int, re.findall(r"\d+", installed)[:2])) >= TABLES_ARE_OF:
            return
        reason, fits_any = f"Keras {installed} is older than the tables", True
    for item in items:
        if fits_any and item.get_closest_marker("any_keras"):
            continue
        if item.get_closest_marker("keras"):
            item.add_marker(pytest.mark.skip(reason=reason))
