"""The BatchNormalization constructions in a text, as text: what coverage is counted against."""

from __future__ import annotations

import re
from typing import Final

from bnlint.findings import Location, Outcome, Site
from bnlint.readers.source.modules import Module

CONSTRUCTIONS: Final = re.compile(r"^(?:Sync|Synchronized)?BatchNormalization(?:V[12])?$")
_CALLED: Final = re.compile(
    r"(?<![\w.])[\w.]*\b(?:Sync|Synchronized)?BatchNormalization(?:V[12])?[ \t]*\("
)
_MOST_BYTES: Final = 2_000_000
_MOST_SITES: Final = 1_000
_HANDED_ON: Final = re.compile(r"=[\w.]*BatchNormalization\s*(?:[,)]|$)")
_FUNCTIONS: Final = re.compile(r"^batch_norm(?:alization)?$")


def text_sites(module: Module) -> list[Location]:
    """Where the module constructs a BatchNormalization, by the name that is called."""
    return [
        module.location(span)
        for statement in module.outline.statements
        if any(CONSTRUCTIONS.match(name) for name in statement.loads)
        for span, name in statement.named_calls()
        if CONSTRUCTIONS.match(name)
    ]


def cut_sites(filename: str, data: bytes) -> tuple[Site, ...]:
    """The same, inferred from the characters alone, for a file whose reading was given up."""
    if filename.endswith(".ipynb"):
        return ()
    found = []
    lines = data[:_MOST_BYTES].decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, 1):
        code = line.partition("#")[0]
        for match in _CALLED.finditer(code) if "BatchNorm" in code else ():
            column = match.start() + 1
            where = Location(filename, number, column, number, match.end())
            found.append(Site(where, Outcome.CUT))
    return tuple(found[:_MOST_SITES])


def lines_of_functions(module: Module) -> list[int]:
    """The lines where a function is called that may construct one: ``tf.layers``, slim."""
    return [
        span[0]
        for statement in module.outline.statements
        if any(_FUNCTIONS.match(name) for name in statement.loads)
        for span, name in statement.named_calls()
        if _FUNCTIONS.match(name)
    ]


def lines_of_classes(module: Module) -> list[int]:
    """The lines where the class itself is an argument by keyword: ``norm=BatchNormalization``."""
    return [
        number
        for statement in module.outline.statements
        if statement.kind != "import" and any(map(CONSTRUCTIONS.match, statement.loads))
        for number in range(statement.line, statement.end_line + 1)
        if _HANDED_ON.search(module.outline.lines[number - 1])
    ]
