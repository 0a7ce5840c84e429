"""The results of a run: findings, the places they point at, and the report that holds them."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bnlint.repair import Repair


class Severity(enum.IntEnum):
    """How bad a finding is. ``--fail-on`` compares by this order."""

    INFO = 0
    WARNING = 1
    ERROR = 2

    @classmethod
    def from_name(cls, name: str) -> Severity:
        """The severity called ``name``; raises ``ValueError`` if there is none."""
        try:
            return cls[name.upper()]
        except KeyError:
            choices = ", ".join(severity.name.lower() for severity in cls)
            raise ValueError(f"no severity {name!r}; choose one of {choices}") from None


class Applicability(enum.Enum):
    """How far a fix may be trusted; ruff's three levels."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class Location(NamedTuple):
    """A range in a source file, or a layer in a model file.

    Attributes:
        filename: the file as the user named it.
        line: first line, from 1.
        column: first column, from 1, in Unicode characters.
        end_line: last line.
        end_column: the column after the last character.
        cell: the notebook cell, from 1 over cells of all kinds; ``None`` outside notebooks. Lines
            count from the beginning of the cell.
        path: the layer's path in a model (``"base/conv1"``); ``None`` in source.
        number: of the layer in the order of a model without source; ``None`` in source.
    """

    filename: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    cell: int | None = None
    path: str | None = None
    number: int | None = None

    @classmethod
    def of_layer(cls, filename: str, number: int, path: str) -> Location:
        """The place of a layer in a model without source: its path says where it is.

        Args:
            filename: the model file as the user named it.
            number: of the layer, in the order of the model.
            path: ``"base/conv1"``.
        """
        return cls(filename, path=path, number=number)

    @property
    def in_text(self) -> bool:
        """Whether line and column refer to source; for a layer in a model both are the first."""
        return self.number is None

    @property
    def within(self) -> str:
        """Where in its file: ``3:14``, ``cell 2:3:14``; for a layer in a model its path."""
        if not self.in_text:
            return self.path or ""
        cell = f"cell {self.cell}:" if self.cell is not None else ""
        return f"{cell}{self.line}:{self.column}"

    @property
    def sort_key(self) -> tuple[str, int, int, int, int, int, int, str]:
        """The order in a file: by cell, then by line; in a model: the order of its layers."""
        return (
            self.filename,
            self.number or 0,
            self.cell or 0,
            self.line,
            self.column,
            self.end_line,
            self.end_column,
            self.path or "",
        )

    def __lt__(self, other: Location) -> bool:  # type: ignore[override]  # no other tuple
        return self.sort_key < other.sort_key

    def __gt__(self, other: Location) -> bool:  # type: ignore[override]
        return self.sort_key > other.sort_key

    def seen_from(self, here: Location) -> str:
        """Its line in words: ``line 9``, ``line 9 of cell 3``, ``line 9 of blocks.py``; for a layer
        in a model its path.
        """
        if not self.in_text and self.path is not None:
            return self.path
        line = f"line {self.line}"
        if self.cell is not None and (self.filename, self.cell) != (here.filename, here.cell):
            line += f" of cell {self.cell}"
        if self.filename != here.filename:
            line += f" of {self.filename.replace(chr(92), '/').rpartition('/')[2]}"
        return line


class Related(NamedTuple):
    """Another place that a finding is about, and what stands there."""

    location: Location
    message: str


class Edit(NamedTuple):
    """Replace what ``location`` spans with ``content``."""

    location: Location
    content: str


class Fix(NamedTuple):
    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """One problem at one place.

    Attributes:
        code: the rule's code, ``"BN201"``.
        name: the rule's name, ``"redundant-bias"``.
        severity: how bad it is.
        location: what it points at.
        message: one line: what is wrong here.
        help: one line: what to write instead.
        help_when: the help for a finding that turns out to hold under a condition only;
            ``{opposite}`` stands for an expression that is true where it does not hold.
        related: the other layers that it is about.
        when: the condition it holds under, ``"`use_bn` is true"``; ``None`` when it always holds.
        presumes: the names of the unproven presumptions that it depends on; if there are any, its
            fix is not safe.
        repair: how to repair it, as data from the rule.
        fix: the same as edits of the source, where bnlint knows how to write it.
    """

    code: str
    name: str
    severity: Severity
    location: Location
    message: str
    help: str = ""
    help_when: str = ""
    related: tuple[Related, ...] = ()
    when: str | None = None
    repair: Repair | None = None
    fix: Fix | None = None
    presumes: tuple[str, ...] = ()

    @property
    def sort_key(self) -> tuple[Location, str, str]:
        return (self.location, self.code, self.message)

    def at(self, severity: Severity) -> Finding:
        """The same finding with another severity."""
        return self._replace(severity=severity)


class Outcome(enum.Enum):
    """How the reading of one BatchNormalization ended (`docs/design.md`, "Honesty")."""

    UNDERSTOOD = "understood"
    UNKNOWN_INPUT = "applied to something unknown"
    ESCAPED = "escaped"
    CUT = "cut by a budget"
    NEVER_BUILT = "never built"


class Site(NamedTuple):
    """A BatchNormalization construction in the text and how its reading ended."""

    location: Location
    outcome: Outcome


class Failure(NamedTuple):
    """A target that could not be read: one line for the user, exit status 2."""

    filename: str
    message: str


class Report:
    """Everything one run found.

    Attributes:
        findings: sorted by file, place and code.
        failures: targets that could not be read.
        sites: every BatchNormalization construction seen, and how its reading ended.
        files: how many files were checked, without those that could not be read.
        files_read: how many of them construct a layer and were interpreted.
        models: how many models (functional, sequential or subclassed) were seen.
        supposed: additional findings if files of unknown Keras version were for Keras 3.
    """

    def __init__(
        self,
        findings: tuple[Finding, ...] = (),
        failures: tuple[Failure, ...] = (),
        sites: tuple[Site, ...] = (),
        *,
        files: int = 0,
        files_read: int = 0,
        models: int = 0,
        supposed: tuple[Finding, ...] = (),
    ) -> None:
        self.findings = findings
        self.failures = failures
        self.sites = sites
        self.files = files
        self.files_read = files_read
        self.models = models
        self.supposed = supposed

    def saying(
        self, findings: tuple[Finding, ...], failures: tuple[Failure, ...] | None = None
    ) -> Report:
        """The same report with other findings, and with other failures if they are given."""
        return Report(
            findings,
            self.failures if failures is None else failures,
            self.sites,
            files=self.files,
            files_read=self.files_read,
            models=self.models,
            supposed=self.supposed,
        )

    def exit_status(self, fail_on: Severity = Severity.WARNING) -> int:
        """0: nothing at or above ``fail_on``; 1: findings; 2: a target could not be read."""
        if self.failures:
            return 2
        return int(any(finding.severity >= fail_on for finding in self.findings))

    def coverage(self) -> Mapping[Outcome, int]:
        """How many BatchNormalization constructions ended in each way."""
        counts = dict.fromkeys(Outcome, 0)
        for site in self.sites:
            counts[site.outcome] += 1
        return counts
