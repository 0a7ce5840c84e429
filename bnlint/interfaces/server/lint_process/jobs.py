"""What travels between the server and the process that lints."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from bnlint.findings import Finding, Location


class Want(enum.Enum):
    """What an answer is to hold."""

    FINDINGS = "findings"  # without fixes: quick enough for every keystroke
    FIXES = "fixes"  # findings and how to fix them
    NEIGHBOURS = "neighbours"  # findings and what each normalisation is connected to
    FIXED = "fixed"  # the document with all safe fixes made


@dataclass(frozen=True, slots=True)
class Job:
    """One document to lint.

    Attributes:
        path: absolute; where the document lies, or would lie if it were saved.
        data: its bytes; a notebook's are its JSON.
        folder: absolute; the workspace folder. Settings of the editor are relative to it.
        settings: what the editor says, by the names of ``[tool.bnlint]``.
        is_trusted: the client says that the user trusts the workspace, so its own rules may run.
        buffers: the other open documents that may differ from the disk, by absolute path.
        want: what is asked for.
        cell: of a notebook, the one cell to fix, from 1; ``None`` for all of them.
    """

    path: str
    data: bytes
    folder: str
    settings: Mapping[str, object] = field(default_factory=dict)
    buffers: Mapping[str, bytes] = field(default_factory=dict)
    want: Want = Want.FINDINGS
    cell: int | None = None
    is_trusted: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A layer that a hover speaks of: what it is called and where it stands."""

    text: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What one BatchNormalization construction is connected to, over all that was built there.

    Attributes:
        location: the construction.
        axis: its ``axis`` argument as text; ``None`` where it is unknown or not always the same.
        inputs: what it normalizes.
        consumers: what is applied to its output.
        absorbed: the layers whose bias it subtracts again.
        outcome: how the reading of it ended, where it was not understood.
    """

    location: Location
    axis: str | None = None
    inputs: tuple[Place, ...] = ()
    consumers: tuple[Place, ...] = ()
    absorbed: tuple[Place, ...] = ()
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Directive:
    """A suppression comment, for hovers.

    Attributes:
        location: the directive in its comment.
        codes: the codes of the rules it names.
    """

    location: Location
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a job.

    Attributes:
        findings: of this document, sorted; other files in them by absolute path.
        directives: its suppression comments.
        neighbours: its BatchNormalization constructions, where that was asked for.
        pages: code to the absolute path of the rule's page.
        links: code to the address of that page: on the web where there is one, else the file's.
        was_read: it was interpreted; most files show at a glance that they hold nothing.
        dependencies: absolute paths of the project files it was read with.
        messages: what could not be done, one line each, for a person.
        fixed: the bytes of the document with all safe fixes made, where that was asked for.
    """

    findings: tuple[Finding, ...] = ()
    directives: tuple[Directive, ...] = ()
    neighbours: tuple[Neighbours, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    was_read: bool = False
    dependencies: frozenset[str] = frozenset()
    messages: tuple[str, ...] = ()
    fixed: bytes | None = None
