"""The Keras version of a notebook, from what it installs, sets and printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from bnlint.settings.target_keras.installs import installed_by, logical_lines
from bnlint.settings.target_keras.requirements import Requirement, requirement

if TYPE_CHECKING:
    from bnlint.readers.source.parsing.notebook import Run

_WORDS: Final = r"(?i)keras|tensorflow|\btf\b|nightly"
_SHELL_CELL: Final = r"\s*%%(?:bash|sh|shell|script|system|!)"
_COMMAND: Final = r"[ \t]*(?:\w+[ \t]*=[ \t]*)?(?:[!%]+|(?=(?:pip3?|conda|mamba|uv)[ \t]))"
_PLAIN_VERSION: Final = (
    r"(?<![\w.-])v?(\d+\.\d+(?:\.\d+)*)(?:[.+-]?(?:rc|dev|a|b|tf)[\w.]*)?(?![\w-])"
)
_ASKED: Final = r"\b([A-Za-z_][\w.]*)\.(?:__version__|version\.VERSION|version\(\))"
_NAMES: Final = {
    **dict.fromkeys(("keras", "tf.keras", "tensorflow.keras"), "keras"),
    **dict.fromkeys(("tf", "tensorflow"), "tensorflow"),
}
_LISTED: Final = (
    r"(?m)^(?:Name: )?(keras|tensorflow)(?:==|[ \t]+|\nVersion: )(\d+\.\d+[\d.]*)",
    r"(?i)\b(keras|tensorflow)(?:[ -]?version)?(?: is)?[ \t]*[:=][ \t]*v?(\d+\.\d+\.\d+)\b",
    r"(?m)^Successfully installed [^\n]*?(?<!\S)(keras|tensorflow)-(\d+\.\d+[\d.]*)",
    r"already satisfied: (keras|tensorflow)(?![\w-])[^\n]* \((\d+\.\d+[\d.]*)\)",
)
_SUMMARIES: Final = (("3", "┃ Layer (type) "), ("2", " Layer (type)  "), ("2", "\nLayer (type) "))


def required_by(runs: Iterable[Run]) -> Iterator[Requirement]:
    """The requirements in the cells of a notebook."""
    for run in runs:
        place = f"cell {run.number}"
        for line in _commands(run.source) if re.search(_WORDS, run.source) else ():
            yield from _found(installed_by(line), place)
        if run.printed:
            yield from _found(_printed(run), f"the output of {place}")


def _found(lines: Iterable[str], place: str) -> Iterator[Requirement]:
    found = (requirement(line, place) for line in lines)
    return (each for each in found if each is not None)


def _commands(source: str) -> Iterator[str]:
    """The lines that are commands for a shell or for an IPython magic."""
    is_shell = re.match(_SHELL_CELL, source) is not None
    for line in logical_lines(source):
        mark = re.match(_COMMAND, line)
        if mark is not None:
            yield line[mark.end() :]
        elif is_shell:
            yield line


def _printed(run: Run) -> Iterator[str]:
    asked = re.findall(_ASKED, re.sub(r"(?m)^\s*#.*$", "", run.source))
    numbers = re.findall(_PLAIN_VERSION, run.printed)
    if asked and len(asked) == len(numbers):
        for name, number in zip(asked, numbers, strict=True):
            if name in _NAMES:
                yield f"{_NAMES[name]} {number}"
    else:
        for listed in _LISTED:
            for name, number in re.findall(listed, run.printed):
                yield f"{name.lower()} {number}"
    for major, table in _SUMMARIES:
        if table in run.printed:
            yield f"keras {major}"
            break
