"""What commands install: the arguments of pip, conda and similar tools, and variables they set.

Such commands are in Dockerfiles, notebooks and shell scripts.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Final

# Quotes keep a command whole: `pip install "keras>=3; python_version>'3.9'" && python train.py`.
_COMMAND: Final = r"(?:\"[^\"\n]*\"|'[^'\n]*'|\\.|[^;&|\"'\n])+"
_INSTALLS: Final = (
    r"\b(?:pip[\d.]*|uv|conda|mamba|micromamba|poetry|pdm|pixi)[ \t][^\n]*?"
    r"(?<![\w-])(?:install|add|create)(?![\w-])(?P<arguments>[^\n]*)"
)
_SETS: Final = r"\b(?:TF_USE_LEGACY_KERAS|KERAS_BACKEND)[ \t]*[= \t][ \t]*['\"]?\w+"
# Options whose value is the next word.
_WITH_VALUE: Final = frozenset({
    "--channel", "--constraint", "--extra-index-url", "--file", "--find-links", "--group",
    "--index-url", "--name", "--prefix", "--python", "--requirement", "--target",
    "--trusted-host", "-G", "-c", "-f", "-i", "-n", "-p", "-r", "-t",
})  # fmt: skip
_LONGEST: Final = 10_000  # characters; a longer line is data


def installed_by(line: str) -> Iterator[str]:
    """The requirements in a shell command line, and the variables that it sets.

    Args:
        line: a logical line, without the prefix that marks it as a command (``!``, ``RUN``).
    """
    yield from re.findall(_SETS, line)
    for command in re.findall(_COMMAND, line):
        found = re.search(_INSTALLS, command)
        if found is not None:
            yield from _requirements(found["arguments"])


def _requirements(arguments: str) -> Iterator[str]:
    try:
        words = iter(shlex.split(arguments, comments=True))
    except ValueError:
        return
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            yield word


def logical_lines(text: str) -> Iterator[str]:
    """Logical lines: lines that end with a backslash are joined; comments are left out."""
    whole = ""
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        whole = f"{whole[:_LONGEST]}{line[:_LONGEST]}"
        if whole.rstrip().endswith("\\"):
            whole = f"{whole.rstrip()[:-1]} "
            continue
        yield whole[:_LONGEST]
        whole = ""
    yield whole
