"""Repair copies of the public packages, and check what the fixes did to them.

After ``--fix``, and after ``--fix --unsafe-fixes``: every file parses, a second run changes
nothing, no line changed but those of the calls that a finding is about (and of the import that a
fix needs), no finding appeared, and no redundant bias is left that a fix could have taken out. The
packages themselves are not touched.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks import places

Finding: TypeAlias = dict[str, Any]
"""One object of bnlint's JSON."""

LEVELS = {("--fix",): ("safe",), ("--fix", "--unsafe-fixes"): ("safe", "unsafe")}
"""The options of a run, and the fixes that it applies."""


@dataclass(slots=True)
class Outcome:
    """The result of one run of fixes.

    Attributes:
        before: number of findings by rule, before the run.
        after: the same after the run.
        changed: how many files the run changed.
        faults: violations of the checks above, one line each.
    """

    before: Counter[str]
    after: Counter[str]
    changed: int
    faults: list[str] = field(default_factory=list)


def repaired(folder: Path, options: Sequence[str], applied: Sequence[str]) -> Outcome:
    """Run the fixes on ``folder``, which changes its files, and check the result.

    Args:
        folder: a copy that may be changed.
        options: ``--fix`` and related options.
        applied: the applicability of the fixes that these options apply.
    """
    old = _texts(folder)
    before = _findings(folder)
    # Biases come last: the order of layers decides which of them are redundant.
    _bnlint(folder, *options, "--quiet", "--ignore", "BN201")
    ordered = _texts(folder)
    by_file: dict[str, list[Finding]] = {}
    for finding in _findings(folder):
        by_file.setdefault(finding["filename"], []).append(finding)
    _restore(folder, old)
    _bnlint(folder, *options, "--quiet")
    new = _texts(folder)
    after = _findings(folder)
    changed = [name for name in old if new.get(name) != old[name]]
    outcome = Outcome(_by_code(before), _by_code(after), len(changed))
    faults = outcome.faults
    faults += [f"{name}: lost" for name in old if name not in new]
    faults += [f"{name}: does not parse" for name in changed if not _parses(new.get(name, b""))]
    for name in changed:
        mine = [finding for finding in before if finding["filename"] == str(folder / name)]
        if mine:
            between = ordered.get(name, old[name])
            steps = [
                (old[name], mine, between),
                (between, by_file.get(str(folder / name), []), new.get(name, b"")),
            ]
            for text, findings, later in steps:
                concerned = _lines_concerned(text, findings, str(folder / name))
                faults += [
                    f"{name}:{min(lines)}: changed, and no finding is about it"
                    for lines in _lines_changed(text, later)
                    if concerned.isdisjoint(lines)
                ]
        else:
            faults.append(f"{name}: changed without a finding")
    known = Counter((finding["filename"], finding["code"]) for finding in before)
    found = Counter((finding["filename"], finding["code"]) for finding in after)
    faults += [
        f"{Path(name).relative_to(folder).as_posix()}: {count} {code} appeared"
        for (name, code), count in sorted((found - known).items())
    ]
    faults += [
        f"{_place(finding, folder)}: its fix was not applied"
        for finding in after
        if finding["code"] == "BN201" and (finding["fix"] or {}).get("applicability") in applied
    ]
    _bnlint(folder, *options, "--quiet")
    again = _texts(folder)
    faults += [f"{name}: changed by a second run" for name in new if again.get(name) != new[name]]
    return outcome


def _bnlint(folder: Path, *options: str) -> str:
    command = [sys.executable, "-m", "bnlint", "--no-cache", "--isolated", "--exit-zero", *options]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bnlint ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout


def _findings(folder: Path) -> list[Finding]:
    found: list[Finding] = json.loads(_bnlint(folder, "--output-format", "json"))
    return found


def _by_code(findings: Sequence[Finding]) -> Counter[str]:
    return Counter(finding["code"] for finding in findings)


def _texts(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.py"))
        if path.is_file()
    }


def _parses(text: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _restore(folder: Path, texts: dict[str, bytes]) -> None:
    for name, text in texts.items():
        if (folder / name).read_bytes() != text:
            (folder / name).write_bytes(text)


def _lines_changed(old: bytes, new: bytes) -> list[set[int]]:
    """The lines of ``old`` that differ, each by itself; for an insertion, the lines around it."""
    before, after = (text.decode("utf-8", "replace").splitlines() for text in (old, new))
    changed: list[set[int]] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, _, _ in matcher.get_opcodes():
        if tag == "insert":
            changed.append({start, start + 1})
        elif tag != "equal":
            changed += [{line} for line in range(start + 1, end + 1) if before[line - 1].strip()]
    return changed


def _lines_concerned(text: bytes, findings: Sequence[Finding], path: str) -> set[int]:
    """The lines of the innermost statements that findings are about, and of imports from Keras.

    For a parameter whose default switches the bias, the function of the layer counts too.
    """
    places = [finding["location"]["row"] for finding in findings]
    places += [
        related["location"]["row"]
        for finding in findings
        for related in finding["related"]
        if related["filename"] == path
    ]
    concerned: set[int] = set()
    tree = ast.parse(text)
    for row in places:
        around = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.stmt) and node.lineno <= row <= (node.end_lineno or 0)
        ]
        if not around:
            continue
        innermost = max(around, key=lambda node: (node.lineno, -(node.end_lineno or 0)))
        concerned.update(range(innermost.lineno, (innermost.end_lineno or 0) + 1))
        for enclosing in around:
            if isinstance(enclosing, ast.FunctionDef):
                concerned.update(range(enclosing.lineno, enclosing.body[0].lineno))
                concerned.update(_uses_of_attributes(tree, innermost))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and "layers" in (node.module or ""):
            concerned.update(range(node.lineno, (node.end_lineno or 0) + 1))
    return concerned


def _uses_of_attributes(tree: ast.Module, statement: ast.stmt) -> set[int]:
    """The lines that apply a layer which ``statement`` keeps as an attribute."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return set()
    target = statement.targets[0]
    if not isinstance(target, ast.Attribute):
        return set()
    return {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == target.attr
    }


def _place(finding: Finding, folder: Path) -> str:
    name = Path(finding["filename"]).relative_to(folder)
    return f"{name.as_posix()}:{finding['location']['row']}"


def main() -> int:
    """Run the command; exit status 1 if there is a fault."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fixes", description=__doc__)
    parser.add_argument(
        "--corpus",
        type=Path,
        default=places.corpus_folder(),
        help="folder of the unpacked packages (default: %(default)s)",
    )
    corpus = parser.parse_args().corpus
    failed = False
    for options, applied in LEVELS.items():
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch).resolve() / "packages"
            shutil.copytree(corpus, copy, symlinks=True)
            outcome = repaired(copy, options, applied)
        print(f"{' '.join(options)}: {outcome.changed} files changed")
        for code in sorted(outcome.before):
            print(f"  {code}: {outcome.before[code]} findings before, {outcome.after[code]} after")
        print("\n".join(f"  FAULT {fault}" for fault in outcome.faults) or "  no fault")
        failed |= bool(outcome.faults)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
