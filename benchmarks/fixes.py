"""Repair copies of the public packages, and check what the fixes did to them.

After ``--fix``, and after ``--fix --unsafe-fixes``: every file parses, a second run changes
nothing, nothing changed where there was no finding, no finding of another rule appeared, and no
redundant bias is left that a fix could have taken out. The packages themselves are not touched.
"""

from __future__ import annotations

import argparse
import ast
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
    """What one run of fixes did.

    Attributes:
        before: findings by rule.
        after: the same once it ran.
        changed: how many files it changed.
        faults: what must not be, a line each.
    """

    before: Counter[str]
    after: Counter[str]
    changed: int
    faults: list[str] = field(default_factory=list)


def repaired(folder: Path, options: Sequence[str], applied: Sequence[str]) -> Outcome:
    """Run the fixes on ``folder``, whose files they change, and look at what they did.

    Args:
        folder: a copy that may be changed.
        options: ``--fix`` and what goes with it.
        applied: the applicability of the fixes that these options apply.
    """
    old = _texts(folder)
    before = _findings(folder)
    _bnlint(folder, *options, "--quiet")
    new = _texts(folder)
    after = _findings(folder)
    changed = [name for name in old if new.get(name) != old[name]]
    outcome = Outcome(_by_code(before), _by_code(after), len(changed))
    faults = outcome.faults
    faults += [f"{name}: lost" for name in old if name not in new]
    faults += [f"{name}: does not parse" for name in changed if not _parses(new.get(name, b""))]
    known = {(finding["filename"], finding["code"]) for finding in before}
    with_findings = {filename for filename, _ in known}
    faults += [
        f"{name}: changed without a finding"
        for name in changed
        if str(folder / name) not in with_findings
    ]
    faults += [
        f"{_place(finding, folder)}: {finding['code']} appeared"
        for finding in after
        if (finding["filename"], finding["code"]) not in known
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


def _place(finding: Finding, folder: Path) -> str:
    name = Path(finding["filename"]).relative_to(folder)
    return f"{name.as_posix()}:{finding['location']['row']}"


def main() -> int:
    """Run the command; 1 if there is a fault."""
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
