"""Compares the findings in a program with the facts when it ran."""

from __future__ import annotations

import ast
import contextlib
import importlib
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from benchmarks.programs.running import Around, Live, Made, Run, all_answers, run
from benchmarks.programs.truth import AXIS, Truth, truths
from benchmarks.programs.writing import Program, program

if TYPE_CHECKING:
    from bnlint.findings import Finding

RULES: Final = ("BN101", "BN201", "BN301", AXIS)
Line: TypeAlias = tuple[str, int]
Instance: TypeAlias = tuple[Made, Truth, Run]

_CLOSE: Final = 1e-8  # in double precision, of values of about 1
_CONDITION: Final = re.compile(r"`(?P<what>[^`]+)` is (?P<negated>not )?(?P<value>.+)")


@dataclass
class Verdict:
    """The result for one program.

    Attributes:
        seed: the seed of the program.
        contradictions: one line each.
        missed: true problems without a finding, one line each.
        counts: programs, runs, and ``"BN201 right"`` and so on.
    """

    seed: int
    contradictions: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def judge(seed: int, folder: Path, most: int) -> Verdict:
    """Write, lint, run and repair the program of a seed.

    Args:
        seed: of the program.
        folder: an empty folder.
        most: the largest number of runs.
    """
    import bnlint

    written = program(seed)
    _write(written, folder)
    findings = [
        finding
        for finding in bnlint.lint([folder], isolated=True, select=RULES).findings
        if finding.code.startswith(RULES)
    ]
    claimed = {_line(finding) for finding in findings if finding.code == "BN201"}
    verdict = Verdict(seed, counts=Counter(programs=1))
    fixed = folder.with_name(f"{folder.name}_fixed")
    repaired = _repaired(folder, fixed)
    by_line: dict[Line, list[Instance]] = {}
    for answers in all_answers(written, most, seed):
        seen = run(folder, written.files, answers, seed)
        before = seen.output, seen.gradients
        verdict.counts["runs"] += 1
        for made, truth in zip(seen.made, truths(seen, seed, claimed), strict=True):
            by_line.setdefault((made.file, made.line), []).append((made, truth, seen))
        if repaired:
            verdict.counts["runs after fixes"] += 1
            again = run(fixed, written.files, answers, seed)
            different = _differs(before, (again.output, again.gradients))
            if different:
                verdict.contradictions.append(f"fixed, {answers}: {different}")
    keras: Live = importlib.import_module("keras")
    keras.backend.clear_session()  # only once, because it waits for the garbage collector
    for finding in findings:
        _hold(finding, by_line.get(_line(finding), []), verdict)
    _look_for_misses(written, findings, by_line, verdict)
    return verdict


def _hold(finding: Finding, instances: list[Instance], verdict: Verdict) -> None:
    """Compare one finding with all layers that its line constructed."""
    rule = _rule(finding.code)
    wrong = None
    decided = 0
    for made, truth, seen in instances:
        if rule not in truth:
            continue
        expected = True if finding.when is None else _is_true(finding.when, made, seen)
        if expected is None:
            verdict.counts[f"{rule} with a condition that is not understood"] += 1
            continue
        decided += 1
        if truth[rule] != expected:
            wrong = f"{'not ' * (not truth[rule])}so in {seen.answers}"
    if wrong is not None:
        verdict.counts[f"{rule} wrong"] += 1
        when = f" when {finding.when}" if finding.when else ""
        file, line = _line(finding)
        verdict.contradictions.append(f"{file}:{line}: {finding.code}{when}: {wrong}")
    else:
        verdict.counts[f"{rule} {'right' if decided else 'undecided'}"] += 1


def _look_for_misses(
    written: Program,
    findings: Iterable[Finding],
    by_line: Mapping[Line, list[Instance]],
    verdict: Verdict,
) -> None:
    said = {(_line(finding), _rule(finding.code)) for finding in findings}
    for line, instances in sorted(by_line.items()):
        for rule in RULES:
            decided = [each for each in instances if rule in each[1] and not _is_off(rule, each[0])]
            if (line, rule) in said or not decided:
                continue
            when = _holds_when(written, rule, decided)
            if when is not None:
                verdict.counts[f"{rule} missed"] += 1
                verdict.missed.append(f"{line[0]}:{line[1]}: {rule} {when}")


def _is_off(rule: str, made: Made) -> bool:
    """Whether a flag of its class says that the layer is constructed but not used."""
    return rule == "BN101" and made.names[0][0].get("use_bn") is False


def _holds_when(written: Program, rule: str, instances: list[Instance]) -> str | None:
    """``"always"``, or the one flag under which the rule holds; ``None`` if neither."""
    holding = [truth[rule] for _, truth, _ in instances]
    if all(holding):
        return "always"
    if not any(holding) or rule in (AXIS, "BN101"):
        return None
    for flag in sorted(written.flags):
        # A flag of a distant caller may agree with it by chance in the few runs of a sample.
        values = [_value(flag, made.names[:1]) for made, _, _ in instances]
        if _UNKNOWN in values:
            continue
        for value in sorted(set(values), key=str):
            if holding == [each == value for each in values]:
                return f"when {flag} is {value!r}"
    return None


_UNKNOWN: Final = object()


def _value(expression: str, around: Around) -> Live:
    """The value of an expression where a layer was constructed, or in a function around."""
    for names, module in around:
        with contextlib.suppress(NameError, AttributeError):
            return eval(  # noqa: S307 - a condition of bnlint's on a program of our own
                expression, {**module, **names}
            )
    return _UNKNOWN


def _is_true(when: str, made: Made, seen: Run) -> bool | None:
    match = _CONDITION.fullmatch(when)
    if match is None:
        return None
    expression = match["what"]
    if "image_data_format()" in expression:
        value: Live = seen.answers.data_format
    else:
        value = _value(expression, made.names)
    if value is _UNKNOWN:
        return None
    told = match["value"].strip("`")
    if told in ("true", "false"):
        holds = bool(value) == (told == "true")
    else:
        try:
            holds = value == ast.literal_eval(told)
        except (ValueError, SyntaxError):
            holds = value == told
    return holds != bool(match["negated"])


def _rule(code: str) -> str:
    return AXIS if code.startswith(AXIS) else code


def _line(finding: Finding) -> Line:
    return Path(finding.location.filename).name, finding.location.line


def _write(written: Program, folder: Path) -> None:
    for name, text in written.files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _repaired(folder: Path, fixed: Path) -> bool:
    """Whether ``--fix`` changes anything in a copy."""
    from bnlint.interfaces.cli.command import main

    shutil.copytree(folder, fixed)
    main(["--isolated", "--no-cache", "--quiet", "--fix-only", "--exit-zero", str(fixed)])
    return any(
        file.read_bytes() != (fixed / file.name).read_bytes() for file in folder.glob("*.py")
    )


def _differs(before: tuple[Any, Any], after: tuple[Any, Any]) -> str:
    import numpy as np

    if not np.allclose(before[0], after[0], rtol=_CLOSE, atol=_CLOSE):
        return f"outputs differ by {np.abs(before[0] - after[0]).max():.1e}"
    for key, gradient in after[1].items():
        old = before[1].get(key)
        if (old is None) != (gradient is None):
            return f"the gradient of {key} is there only once"
        if old is not None and not np.allclose(old, gradient, rtol=_CLOSE, atol=_CLOSE):
            return f"the gradient of {key} differs by {np.abs(old - gradient).max():.1e}"
    return ""
