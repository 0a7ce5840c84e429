"""Which more files to read after something was found in a file that others call.

A helper that builds no BatchNormalization may be judged by the layers that its callers apply after
it. Then all its callers count, also those without a BatchNormalization.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from bnlint.findings import Location
from bnlint.project.candidates import Scan
from bnlint.project.judging.file_check import FileResult
from bnlint.project.judging.verdicts import State
from bnlint.readers.source.locating import Standing

if TYPE_CHECKING:
    from bnlint.project.cache import Cache
    from bnlint.project.index.project_index import ProjectIndex

_DEFINITION: Final = re.compile(r"^(?:async )?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_SAID: Final = frozenset({State.HOLDS, State.WHEN})


def callers(
    index: ProjectIndex,
    results: Iterable[FileResult],
    named: Mapping[str, Scan],
    cache: Cache,
    event_rules: frozenset[str],
) -> list[Scan]:
    """The files that use a helper in which something was found; they are read again as callers.

    Args:
        index: of their project.
        results: of all files that were read.
        named: the files to report on, by name.
        cache: what earlier runs found.
        event_rules: the codes of the rules about events, such as ``fit``; the others are about
            layers.
    """
    places: dict[str, set[int]] = {}
    for result in results:
        for verdict in result.verdicts:
            name = verdict.location.filename
            if verdict.state in _SAID and name in named and verdict.code not in event_rules:
                places.setdefault(name, set()).add(verdict.location.line)
    seeds = {
        (named[name].file.path, function)
        for name, lines in places.items()
        if named[name].standing.root == index.root.folder
        for function in _functions_at(named[name], lines)
    }
    if not seeds:
        return []
    found = []
    for path, names in sorted(index.used_besides(seeds).items()):
        scan = index.scan(path)
        building = tuple(sorted({*(scan.standing.building or ()), *names}))
        standing = Standing(index.root.folder, index.sources, building)
        found.append(scan.as_caller(cache, standing))
    return found


def brought_about(
    results: Iterable[FileResult], named: Mapping[str, Scan], event_rules: frozenset[str]
) -> dict[str, set[tuple[str, Location]]]:
    """What the reading of a named file found about the use of its models in files that were not
    named: rules and places, by file.
    """
    found: dict[str, set[tuple[str, Location]]] = {}
    for result in results:
        if result.filename not in named:
            continue
        for verdict in result.verdicts:
            place = verdict.location
            is_event = verdict.code in event_rules and verdict.finding is not None
            if is_event and place.filename not in named:
                found.setdefault(place.filename, set()).add((verdict.code, place))
    return found


def _functions_at(scan: Scan, lines: Iterable[int]) -> set[str]:
    """The top-level functions and classes that contain the given lines."""
    text = scan.bytes().decode("utf-8", "replace")
    starts = [(text.count("\n", 0, m.start()) + 1, m[1]) for m in _DEFINITION.finditer(text)]
    return {
        name
        for line in lines
        for name in [next((name for start, name in reversed(starts) if start <= line), "")]
        if name
    }
