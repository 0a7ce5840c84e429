"""Makes text harmless that a CI server would run as a command when a program prints it.

GitHub Actions and Azure Pipelines read the log: a line that begins with ``::name`` or contains
``##[name]`` or ``##vso[name]`` is a command to them. File names, source and labels come from the
authors of the code, who must not give commands.

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
    """The same text, without any CI commands except those of bnlint.

    Args:
        pieces: whole lines.
        output_format: the format of the text; its readers still read the same content.
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
    # In a diff, slices such as `x[::step]` stay unchanged: the diff may be applied.
    return (_replaced(piece, r"\x3a", r"\x23", ahead=output_format == "diff") for piece in pieces)


def _replaced(text: str, colon: str, hash_: str, *, ahead: bool = False) -> str:
    if "::" in text:
        colons = _COLONS_AHEAD if ahead else _COLONS
        text = colons.sub(lambda found: (found[1] or "") + colon, text)
    return _HASHES.sub(lambda _: hash_, text) if "##" in text else text


def _behind(end: str, line: str, start: int) -> str:
    """A command of bnlint unchanged, with the text after it made harmless."""
    head, between, data = line[start:].partition(end)
    head = _replaced(head, r"\x3a", r"\x23", ahead=True)
    return line[:start] + head + between + _replaced(data, r"\x3a", r"\x23")
