"""JSON that strangers wrote, with bounds on what it may cost to read."""

from __future__ import annotations

import json
from typing import Final

from bnlint.model.errors import ModelError

MOST_BYTES: Final = 32_000_000
"""No description of a model is larger; the largest of ``keras.applications`` has 1 MB."""

_MOST_MEMORY: Final = 120_000_000
_MOST_DIGITS: Final = 1000
_DIGITS_ALIKE: Final = bytes.maketrans(b"123456789", b"0" * 9)
# What the objects of CPython take, at most, for each character that begins or parts them.
_COST_OF: Final = {b"{": 300, b"[": 90, b",": 70, b'"': 30}


def read_json(text: bytes) -> object:
    """The objects that a JSON text describes.

    Raises:
        ModelError: it is no JSON, or would take more memory than any model's description does.
    """
    if len(text) > MOST_BYTES:
        raise ModelError(f"its description of the model is larger than {MOST_BYTES / 1e6:g} MB")
    if sum(text.count(character) * cost for character, cost in _COST_OF.items()) > _MOST_MEMORY:
        raise ModelError("its description of the model has too many parts to be read")
    # Python before 3.11 takes a minute for a million digits.
    if b"0" * _MOST_DIGITS in text.translate(_DIGITS_ALIKE):
        raise ModelError("its description of the model has a number of too many digits")
    try:
        return json.loads(text)
    except RecursionError:
        raise ModelError("its description of the model is nested too deeply") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        said = str(error).partition("\n")[0][:120]
        raise ModelError(f"its description of the model is not valid JSON: {said}") from None
