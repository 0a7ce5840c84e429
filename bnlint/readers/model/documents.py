"""Reads untrusted JSON, with bounds on the cost of reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from bnlint.readers.model.errors import ModelError

MOST_BYTES: Final = 32_000_000
"""No description of a model is larger; the largest of ``keras.applications`` has 1 MB."""

_MOST_MEMORY: Final = 120_000_000
_MOST_DIGITS: Final = 1000
_DIGITS_ALIKE: Final = bytes.maketrans(b"123456789", b"0" * 9)
# The most memory, in bytes, of CPython's objects per character that begins or separates them.
_COST_OF: Final = {b"{": 300, b"[": 90, b",": 70, b'"': 30}
_SEQUENCES: Final = ("__tuple__", "TensorShape")


def read_json(text: bytes) -> object:
    """The objects in a JSON text; a tuple or shape that Keras wraps in an object becomes a list.

    Raises:
        ModelError: it is not JSON, or would need more memory than any model's description.
    """
    if len(text) > MOST_BYTES:
        raise ModelError(f"its description of the model is larger than {MOST_BYTES / 1e6:g} MB")
    if sum(text.count(character) * cost for character, cost in _COST_OF.items()) > _MOST_MEMORY:
        raise ModelError("its description of the model has too many parts to be read")
    # Python before 3.11 takes a minute for a million digits.
    if b"0" * _MOST_DIGITS in text.translate(_DIGITS_ALIKE):
        raise ModelError("its description of the model has a number of too many digits")
    wrapped = any(name.encode() in text for name in _SEQUENCES)
    try:
        return json.loads(text, object_hook=without_wrapping if wrapped else None)
    except RecursionError:
        raise ModelError("its description of the model is nested too deeply") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        said = str(error).partition("\n")[0][:120]
        raise ModelError(f"its description of the model is not valid JSON: {said}") from None


def without_wrapping(entry: Mapping[str, object]) -> object:
    """The items of a tuple or shape that Keras wrote as an object; any other ``entry`` as it is.

    The metadata of a SavedModel has ``{"class_name": "__tuple__", "items": [null, 8]}`` for every
    tuple (``json_utils`` of Keras 2.15), ``.keras`` files have the items in ``config["value"]``.
    """
    if entry.get("class_name") not in _SEQUENCES:
        return entry
    items = entry.get("items", entry.get("config"))
    if isinstance(items, Mapping):
        items = items.get("value")
    return items if isinstance(items, (list, tuple)) or items is None else entry
