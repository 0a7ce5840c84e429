"""What a CI server acts on when a program prints it, and how it is kept from doing so.

GitHub Actions and Azure Pipelines read the log: a line that begins with ``::name`` or holds
``##[name]`` or ``##vso[name]`` is a command to them. Names of files, source and labels come from
whoever wrote the code, who may not give commands.

Reference: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs;
https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Agent.Sdk/CommandStringConvertor.cs
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_JSON = frozenset({"json", "json-lines", "gitlab", "rdjson", "sarif"})
_MARKUP = frozenset({"dot", "html", "junit", "svg"})
_COLONS = re.compile(r"(^\s*):(?=:)|:(?=:[^\W\d])", re.MULTILINE)
_COLONS_AHEAD = re.compile(r"(^\s*):(?=:)", re.MULTILINE)
_HASHES = re.compile(r"#(?=#(?:\[|vso\[))", re.IGNORECASE)


def unbroken(pieces: Iterable[str], output_format: str = "") -> Iterator[str]:
    """The same text, in which nobody but bnlint gives a command.

    Args:
        pieces: whole lines.
        output_format: what they are written in; its readers still read the same.
    """
    if output_format == "github":
        return (_behind("::", piece, 2) for piece in pieces)
    if output_format == "azure":
        return (_behind("]", piece, 2) for piece in pieces)
    if output_format in _JSON:
        return (_replaced(piece, r"\u003a", r"\u0023") for piece in pieces)
    if output_format in _MARKUP:
        return (_replaced(piece, "&#58;", "&#35;", ahead=True) for piece in pieces)
    if output_format == "mermaid":
        return (_replaced(piece, "#58;", "#35;", ahead=True) for piece in pieces)
    # In a diff slices such as `x[::step]` stay what they are: it may be applied.
    return (_replaced(piece, r"\x3a", r"\x23", ahead=output_format == "diff") for piece in pieces)


def _replaced(text: str, colon: str, hash_: str, *, ahead: bool = False) -> str:
    if "::" in text:
        colons = _COLONS_AHEAD if ahead else _COLONS
        text = colons.sub(lambda found: (found[1] or "") + colon, text)
    return _HASHES.sub(lambda _: hash_, text) if "##" in text else text


def _behind(end: str, line: str, start: int) -> str:
    """A command of ours as it is, with what follows it neutral."""
    head, between, data = line[start:].partition(end)
    head = _replaced(head, r"\x3a", r"\x23", ahead=True)
    return line[:start] + head + between + _replaced(data, r"\x3a", r"\x23")
