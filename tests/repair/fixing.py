"""Fixing whole programs, for the tests and for ``tools/fix-examples``."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bnlint.project.cache import Cache
from bnlint.project.fix_rounds import SAFE, UNSAFE, Fixed, fix_all
from bnlint.project.judging.rule_book import load
from bnlint.project.pipeline import survey
from bnlint.settings import SettingsFinder

SUFFIX: Final = ".fixed"
"""``name.py.fixed`` is what ``name.py`` becomes."""


def fix_files(
    folder: Path,
    *,
    unsafe: bool = True,
    select: str = "ALL",
    order: str | None = None,
    target_keras: str | None = None,
) -> Fixed:
    """Fix all that lies in ``folder``, on the disk too."""
    flags: dict[str, object] = {"select": [select]}
    if order is not None:
        flags["order"] = order
    if target_keras is not None:
        flags["target-keras"] = target_keras
    finder = SettingsFinder(flags, isolated=True)
    cache = Cache("", enabled=False)
    found = survey(finder, [os.fspath(folder)], cache)
    fixed = fix_all(found, cache, UNSAFE if unsafe else SAFE, jobs=1)
    assert not fixed.report.failures
    assert not fixed.hasty
    for file in fixed.files:
        file.write()
    return fixed


def fix_text(
    text: str,
    *,
    unsafe: bool = True,
    select: str = "ALL",
    order: str | None = None,
    target_keras: str | None = None,
) -> tuple[str, Counter[str]]:
    """What a program of one file becomes, and how many findings of each rule were repaired."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "program.py")
        path.write_text(text, encoding="utf-8", newline="")
        fixed = fix_files(
            Path(folder), unsafe=unsafe, select=select, order=order, target_keras=target_keras
        )
        counts = sum(fixed.fixed.values(), Counter[str]())
        return path.read_bytes().decode("utf-8"), counts


def asked_at_top(example: Path, setting: str) -> str | None:
    """What an example asks for at its top: ``order`` or ``target-keras``."""
    file = example if example.is_file() else min(example.glob("*.py"))
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        if line.startswith(f"# {setting}: "):
            return line.removeprefix(f"# {setting}: ").strip()
    return None


def examples() -> list[tuple[str, Path]]:
    """The programs of the rule book, each with the code of its rule."""
    return [
        (code, path)
        for code, info in sorted(load().rules.items())
        for path in sorted((info.folder / "examples").iterdir())
        if path.suffix in (".py", ".ipynb") or (path.is_dir() and path.name != "__pycache__")
    ]


def fixed_forms(code: str, example: Path) -> Mapping[str, bytes]:
    """What the files of an example become when its own rule is fixed: only those that change."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name).resolve() / example.name
        if example.is_dir():
            shutil.copytree(example, copy, ignore=shutil.ignore_patterns(f"*{SUFFIX}"))
        else:
            shutil.copy(example, copy)
        order, target = (asked_at_top(example, key) for key in ("order", "target-keras"))
        fixed = fix_files(copy, select=code, order=order, target_keras=target)
        return {Path(file.name).name: file.new for file in fixed.files}


def beside(example: Path) -> Mapping[str, Path]:
    """Where the fixed forms of an example lie, by the name of the file."""
    folder = example if example.is_dir() else example.parent
    names = [path.name for path in folder.glob("*.py")] if example.is_dir() else [example.name]
    return {name: folder / f"{name}{SUFFIX}" for name in names}


def write_fixed_forms() -> None:
    """Write the fixed form of every example of the rule book beside it."""
    for code, example in examples():
        forms = fixed_forms(code, example)
        for name, path in beside(example).items():
            if name in forms:
                path.write_bytes(forms[name])
            elif path.exists():
                path.unlink()


if __name__ == "__main__":
    write_fixed_forms()
