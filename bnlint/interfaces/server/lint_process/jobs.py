"""The messages between the server and the linting process."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from bnlint.findings import Finding, Location


class Want(enum.Enum):
    """The requested content of an answer."""

    FINDINGS = "findings"  # without fixes: fast enough for every keystroke
    FIXES = "fixes"  # findings and how to fix them
    NEIGHBOURS = "neighbours"  # findings and the neighbours of each normalisation
    FIXED = "fixed"  # the document after all safe fixes


@dataclass(frozen=True, slots=True)
class Job:
    """One document to lint.

    Attributes:
        path: the absolute path of the document, or its path if it were saved.
        data: its bytes; for a notebook, its JSON.
        folder: absolute; the workspace folder. Settings of the editor are relative to it.
        settings: the settings of the editor, by the names of ``[tool.bnlint]``.
        is_trusted: the client says that the user trusts the workspace, so its own rules may run.
        buffers: the other open documents that may differ from the disk, by absolute path.
        want: the requested content.
        cell: in a notebook, the one cell to fix, from 1; ``None`` for all of them.
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
    """A layer in a hover: its name and its location."""

    text: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The neighbours of one BatchNormalization construction, for all layers built there.

    Attributes:
        location: the construction.
        axis: its ``axis`` argument as text; ``None`` where it is unknown or not always the same.
        inputs: the layers whose output it normalizes.
        consumers: the layers that are applied to its output.
        absorbed: the layers whose bias it cancels.
        outcome: how its reading ended, if it was not understood.
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
    """The result of a job.

    Attributes:
        findings: the findings of this document, sorted; they name other files by absolute path.
        directives: its suppression comments.
        neighbours: its BatchNormalization constructions, if requested.
        pages: for each code, the absolute path of the rule's page.
        links: for each code, the address of that page: on the web if it exists there, else a file.
        was_read: the document was interpreted; most files are skipped by a quick check.
        dependencies: absolute paths of the project files it was read with.
        messages: errors for the user, one line each.
        fixed: the bytes of the document after all safe fixes, if requested.
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
