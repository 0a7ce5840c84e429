"""Findings as the protocol's diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lsprotocol import types

from bnlint.findings import Finding, Severity
from bnlint.interfaces.server.places import Places
from bnlint.readers.source.worlds.presumptions import words_for

_SEVERITIES: Final = {
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.ERROR: types.DiagnosticSeverity.Error,
}
# The code in their range could be deleted. BN201's range is the whole layer, which could not.
_UNNECESSARY: Final = frozenset({"BN002", "BN101"})


def diagnostic(
    finding: Finding, places: Places, links: Mapping[str, str]
) -> tuple[str, types.Diagnostic] | None:
    """A finding, and the URI of the document or notebook cell that it belongs to.

    Args:
        finding: the finding to convert.
        places: maps locations to the client's documents.
        links: for each code, the address of the rule's page.
    """
    here = places.place(finding.location)
    if here is None:
        return None
    link = links.get(finding.code)
    related = [
        types.DiagnosticRelatedInformation(place, other.message)
        for other in finding.related
        if (place := places.place(other.location)) is not None
    ]
    return here.uri, types.Diagnostic(
        here.range,
        message(finding),
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(link) if link else None,
        source="bnlint",
        tags=[types.DiagnosticTag.Unnecessary] if finding.code in _UNNECESSARY else None,
        related_information=related or None,
    )


def message(finding: Finding) -> str:
    """The problem, its condition, what to write instead, and what is presumed."""
    when = f" (when {finding.when})" if finding.when else ""
    said = [f"{finding.message}{when}"]
    if finding.help:
        said.append(f"help: {finding.help}")
    said += [f"presumes: {words_for(name)}" for name in finding.presumes]
    return "\n".join(said)
