"""What the reader presumes where it does not know, each by name, and what doubts it.

A finding that rests on one which nothing in sight proves names it in ``presumes``, and its fix is
not safe. The others never become part of a finding: the reader tries the other side too, or stays
silent.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Presumption(NamedTuple):
    """Something that is taken to be so.

    Attributes:
        name: as findings and JSON call it.
        what: what is presumed, in words for a person.
        made: the module that does, and where in it.
        doubted: what becomes of a finding that rests on it.
    """

    name: str
    what: str
    made: str
    doubted: str


CALLERS: Final = Presumption(
    "callers",
    "nobody else calls the function that this layer is in to another end",
    "queries.callers: helpers_behind_bias",
    "all callers in the project are read, and prove it; where a file is read without its project,"
    " those of a public function may be elsewhere: no safe fix",
)
DEFAULT: Final = Presumption(
    "default",
    "nobody passes another value for a parameter that has a default",
    "readers.source.worlds.starts: _unknown_arguments; interpreter.calls: bind_parameters",
    "a test of it is a choice once something was found, where it hides a normalization, and where"
    " it is a data format; a layer that takes it has no safe fix",
)
LOOP_COUNT: Final = Presumption(
    "loop count",
    "a loop over the default of a parameter takes the turns that the default says",
    "readers.source.interpreter.presumed: rests_on_default",
    "what another turn may use has a use: no BN101",
)
UNREAD_NAME: Final = Presumption(
    "unread name",
    "a name of a module that cannot be read is true",
    "readers.source.interpreter.presumed: opened",
    "a test of it is a choice",
)
BACKEND: Final = Presumption(
    "backend",
    "TensorFlow runs",
    "readers.source.interpreter.decisions: equals",
    "a test of it is a choice; a branch that only raises proves nothing",
)
REGISTRY: Final = Presumption(
    "registry",
    "what is taken out of a dict or list by an unknown key is its first item",
    "readers.source.interpreter: _any_of",
    "what it holds has escaped, and is read with its parameters open as well: its conditions stay",
)
DATA_FORMAT: Final = Presumption(
    "data format",
    "image_data_format() is channels_last where nobody asks or sets it",
    "readers.source.interpreter.decisions: DATA_FORMAT",
    "a test of it is a choice",
)
CHANNEL_AXIS: Final = Presumption(
    "channel axis",
    "an axis that cannot be evaluated is that of the channels",
    "queries.bias_absorption: _is_channel_axis",
    "where BN401 or BN402 speak of it, BN201 is silent; else: no safe fix",
)

PRESUMPTIONS: Final = (
    CALLERS,
    DEFAULT,
    LOOP_COUNT,
    UNREAD_NAME,
    BACKEND,
    REGISTRY,
    DATA_FORMAT,
    CHANNEL_AXIS,
)


def words_for(name: str) -> str:
    """A presumption in words for a person; its name where it is another version's."""
    return next((each.what for each in PRESUMPTIONS if each.name == name), name)
