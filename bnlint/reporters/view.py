"""How a report is to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bnlint.findings import Severity
from bnlint.terminal import painter
from bnlint.texts import Texts

if TYPE_CHECKING:
    from bnlint.terminal import Paint

COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}


@dataclass(frozen=True, slots=True)
class View:
    """How to show a report to a person.

    Attributes:
        texts: the source behind the findings.
        paint: styles text.
        width: of the terminal, in columns.
        summary: end with the summary line.
    """

    texts: Texts = field(default_factory=Texts)
    paint: Paint = field(default_factory=lambda: painter(colour=False))
    width: int = 100
    summary: bool = True
