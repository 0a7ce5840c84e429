"""The errors of the model reader."""

from __future__ import annotations

import re
from typing import Final


class ModelError(Exception):
    """A model can't be read: one line that says why, and what to do."""


class InspectionError(ModelError):
    """A live model can't be read; one line that says what is missing."""


_ESCAPE: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def in_one_line(error: object, most: int = 200) -> str:
    """The message of an exception, without line ends and without the colours added by Keras."""
    return " ".join(_ESCAPE.sub("", str(error)).split())[:most]
