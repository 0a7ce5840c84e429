"""The two readers agree: the places that the source gives are those that the built model gives.

Compared are rule and place. Where the source says "when `use_bn` is true", each flag of the
example's ``build`` is given both values, and the finding counts where its condition holds. A
definite finding must show in each world that constructs a layer at its place.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from example_worlds import World, holds, worlds

import bnlint
from bnlint.project.judging.rule_book import load

pytestmark = pytest.mark.keras
pytest.importorskip("tensorflow")

# Of the text alone (syntax, comments, how arguments are written), and of trained weights, which a
# text has not. BN303 asks for the end of a model, which the source does not know of a model that
# another function reads. BN501 stands at the `call` in source, and in a model at the layer.
_NOT_BOTH = ("BN0", "BN303", "BN501", "BN6", "BN7")


def _runnable() -> Iterator[Path]:
    for info in load().rules.values():
        for path in sorted((info.folder / "examples").iterdir()):
            if path.suffix == ".py" and "# runnable: build" in path.read_text(encoding="utf-8"):
                yield path
            elif path.is_dir():
                for file in sorted(path.glob("*.py")):
                    text = file.read_text(encoding="utf-8")
                    if text.startswith("# entry\n") and "# runnable: build" in text:
                        yield file


def _setting(file: Path, name: str) -> str | None:
    match = re.search(rf"^# {name}: (\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return match[1] if match else None


def _holds(when: str | None, world: World) -> bool | None:
    if when is None or when == "`image_data_format()` is channels_last":
        return True  # the format is the setting of the tests
    return holds(when, world)


@pytest.mark.parametrize(
    "file", list(_runnable()), ids=lambda file: f"{file.parts[-3][:5]}/{file.stem}"
)
def test_example_gives_the_same_places_from_source_and_when_built(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bnlint.project.built_models import findings_in_built
    from bnlint.readers.model.building.building import build
    from bnlint.settings import SettingsFinder

    monkeypatch.chdir(file.parent)
    order = _setting(file, "order")
    others = (
        [path.name for path in file.parent.glob("*.py")] if file.parent.name != "examples" else []
    )
    targets = sorted({file.name, *others})
    read = bnlint.lint(targets, order=order, isolated=True, only_named=True)
    finder = SettingsFinder({} if order is None else {"order": order}, isolated=True)
    for world in worlds(file, [finding.when for finding in read.findings]):
        before = set(sys.modules)
        try:
            built = build(f"{file.stem}:build", world)
        finally:
            for name in set(sys.modules) - before:
                origin = getattr(sys.modules[name], "__file__", None) or ""
                if origin.startswith(str(file.parent)):
                    del sys.modules[name]
        constructed = {
            (layer.location.filename, layer.location.line) for layer in built.graph.layers
        }
        found = {
            _place(finding)
            for finding in findings_in_built(built, finder)[0]
            if not finding.code.startswith(_NOT_BOTH)
        }
        expected = {
            _place(finding)
            for finding in read.findings
            if not finding.code.startswith(_NOT_BOTH)
            and _holds(finding.when, world)
            and (finding.location.filename, finding.location.line) in constructed
        }
        assert sorted(found) == sorted(expected), f"{world}"


def _place(finding: bnlint.Finding) -> tuple[str, str, int, int, int, int]:
    where = finding.location
    return (
        finding.code,
        where.filename,
        where.line,
        where.column,
        where.end_line,
        where.end_column,
    )
