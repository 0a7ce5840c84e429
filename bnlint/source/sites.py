"""The BatchNormalization constructions in a text, as text: what coverage is counted against."""

from __future__ import annotations

import re
from typing import Final

from bnlint.findings import Location
from bnlint.source.project import Module

CONSTRUCTIONS: Final = re.compile(r"^(?:Sync|Synchronized)?BatchNormalization(?:V[12])?$")


def text_sites(module: Module) -> list[Location]:
    """Where the module constructs a BatchNormalization, by the name that is called."""
    return [
        module.location(span)
        for statement in module.outline.statements
        if any(CONSTRUCTIONS.match(name) for name in statement.loads)
        for span, name in statement.named_calls()
        if CONSTRUCTIONS.match(name)
    ]
