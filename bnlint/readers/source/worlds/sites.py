"""The BatchNormalization constructions in a text, as text: what coverage is counted against."""

from __future__ import annotations

import re
from typing import Final

from bnlint.findings import Location
from bnlint.readers.source.modules import Module

CONSTRUCTIONS: Final = re.compile(r"^(?:Sync|Synchronized)?BatchNormalization(?:V[12])?$")
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


def lines_of_functions(module: Module) -> list[int]:
    """The lines where a function is called that may construct one: ``tf.layers``, slim."""
    return [
        span[0]
        for statement in module.outline.statements
        if any(_FUNCTIONS.match(name) for name in statement.loads)
        for span, name in statement.named_calls()
        if _FUNCTIONS.match(name)
    ]
