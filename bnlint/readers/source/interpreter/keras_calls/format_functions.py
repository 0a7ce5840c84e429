"""Keras's functions that read or set the data format, and the names of formats."""

from __future__ import annotations

from typing import Final

SETTERS: Final = ("set_image_data_format", "set_image_dim_ordering")
FORMAT_FUNCTIONS: Final = frozenset({*SETTERS, "image_data_format", "image_dim_ordering"})
"""Functions by whose name alone it is known that they read or set the backend's data format."""
_FIRST: Final = ("channels_first", "th")
_LAST: Final = ("channels_last", "tf")


def canonical_format(name: str) -> str | None:
    """A data format by the name that it has since Keras 2; ``None`` where it is none."""
    return "channels_first" if name in _FIRST else "channels_last" if name in _LAST else None
