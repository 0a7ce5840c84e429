"""Does a file show signs of loading trained weights? Then a changed layout of them matters."""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = re.compile(
    r"""
      load\w*weights | weights\w*load | load_model | load_from | load_state | from_pretrained
    | (?<!no_)pre_?trained | set_weights | get_file | from_preset
    | (?<!Model)Check_?point | ckpt | restore | saved_model | SavedModel
    | weights \s* [=:] \s* (?: r | f )? ['"]
    | (?-i:WEIGHTS) | weights_(?: path | url | file | hash )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def loads_weights(text: str) -> bool:
    """Whether ``text`` loads weights, or names files that hold some; rather once too often.

    A checkpoint that was saved with a bias does not fit the layer without one. What only trains
    shows none of these words.
    """
    return _SIGNS.search(text) is not None
