"""The rooms of ``bnlint/``: which may import which, that no imports go in circles, and how many
files lie in one folder. The table below is the picture in ``CONTRIBUTING.md``.

Imports for type checkers alone do not count: nothing is loaded by them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "bnlint"
MOST_AT_THE_ROOT = 12
MOST_IN_A_FOLDER = 16
MOST_FLOORS = 16

ROOMS: dict[str, str] = {
    "__main__": "interfaces.cli",
    "keras": "interfaces",
    "interfaces.cli": "interfaces.server project repair",
    "interfaces.server": "project",
    "interfaces": "project",
    "project": "project.cache project.processes project.suppression readers.model reporters",
    "project.cache": "project.judging",
    "project.judging": "project.files readers.source.worlds rule",
    "project.suppression": "project.files settings",
    "project.files": "readers.source.parsing settings.reach",
    "project.processes": "",
    "reporters": "project.judging",
    "repair": "keras_api project.files",
    "readers.model": "project.processes queries rule",
    "readers.source.worlds": "queries readers.source.interpreter",
    "readers.source.interpreter": "keras_api readers.source.modules",
    "readers.source.modules": "readers.source.parsing readers.source.locating",
    "readers.source.locating": "settings.reach",
    "readers.source.parsing": "findings",
    "rule": "graph repair settings",
    "queries": "keras_api",
    "keras_api": "graph",
    "graph": "findings",
    "settings": "keras_api settings.reach",
    "settings.reach": "",
    "findings": "",
}
"""Each room and the rooms right below it; it may import those and all that lies below them."""

# `repair` is two things to the picture: its `__init__` is data that rules make, and lies lowest.
REPAIR_DATA = "bnlint.repair"
# Evaluating and calling are one recursion; reading a nested model is another.
ALLOWED_CIRCLE = "bnlint.readers.source.interpreter."


def _modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        if "rules" in path.relative_to(PACKAGE).parts[:1]:
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


MODULES = _modules()


def _room(module: str) -> str:
    inner = module.removeprefix("bnlint").lstrip(".")
    return max(
        (room for room in ROOMS if inner == room or inner.startswith(f"{room}.")),
        key=len,
        default="",
    )


@cache
def _imports(module: str) -> frozenset[str]:
    """The modules of ours that one imports when it runs, wherever in it."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bnlint"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else node.module or "")
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name in MODULES)
    return frozenset(found - {module})


def _below(room: str) -> set[str]:
    """The rooms that one may import from."""
    found: set[str] = set()
    pending = ROOMS[room].split()
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += ROOMS[name].split()
    return found


def _circles(graph: Mapping[str, Iterable[str]]) -> Iterator[frozenset[str]]:
    """The sets of names that reach each other."""
    reach: dict[str, set[str]] = {}
    for name in graph:
        seen: set[str] = set()
        pending = list(graph[name])
        while pending:
            other = pending.pop()
            if other not in seen:
                seen.add(other)
                pending += graph.get(other, ())
        reach[name] = seen
    for name, reached in reach.items():
        if name in reached:
            yield frozenset({o for o in reached if name in reach.get(o, ())})


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_from_the_rooms_below(module: str) -> None:
    room = _room(module)
    allowed = {room, "", *(_below(room) if room else ())}
    for imported in _imports(module):
        if room and imported != REPAIR_DATA:
            assert _room(imported) in allowed, f"{module} imports {imported}"


def test_no_circle_between_rooms() -> None:
    assert not list(_circles({room: below.split() for room, below in ROOMS.items()}))


def test_no_circle_between_files_but_inside_the_interpreter() -> None:
    for circle in _circles({module: _imports(module) for module in MODULES}):
        assert all(name.startswith(ALLOWED_CIRCLE) for name in circle), sorted(circle)


def test_the_house_has_few_floors() -> None:
    @cache
    def floors(room: str) -> int:
        return 1 + max(map(floors, ROOMS[room].split()), default=0)

    assert max(map(floors, ROOMS)) <= MOST_FLOORS


def test_every_module_is_in_a_room() -> None:
    unknown = {m for m in MODULES if not _room(m) and len(MODULES[m].read_text("utf-8")) > 0}
    assert unknown <= {"bnlint"}


def test_the_root_and_the_folders_stay_small() -> None:
    entries = [p for p in PACKAGE.iterdir() if not p.name.startswith("__") and p.name != "rules"]
    assert len([p for p in entries if p.name != "py.typed"]) <= MOST_AT_THE_ROOT
    for folder in {path.parent for path in MODULES.values()}:
        files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(files) <= MOST_IN_A_FOLDER, folder


def test_contributing_shows_the_same_picture() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    row = re.compile(r"^\| `bnlint/([\w/]+?)(?:\.py|/)` \|[^|\n]*\| ([^|\n]*?) ?\|$", re.MULTILINE)
    shown = dict(row.findall(text))
    names = {room.replace(".", "/"): below for room, below in ROOMS.items()}
    assert {
        room: " ".join(re.findall(r"`([\w.]+)`", below)) for room, below in shown.items()
    } == names
