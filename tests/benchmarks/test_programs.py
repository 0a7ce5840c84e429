"""A bounded sample of what ``python -m benchmarks.programs`` does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.programs.writing import program

PROGRAMS = 6
RUNS = 2


@pytest.mark.keras
def test_findings_hold_when_random_programs_are_run(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    from benchmarks.agreement import workplace
    from benchmarks.programs.judging import judge
    from benchmarks.programs.running import channels_first_on_a_cpu

    contradictions: dict[int, list[str]] = {}
    counts: Counter[str] = Counter()
    with workplace(), channels_first_on_a_cpu():
        for seed in range(PROGRAMS):
            folder = tmp_path / f"program_{seed}"
            folder.mkdir()
            verdict = judge(seed, folder, RUNS)
            counts += verdict.counts
            if verdict.contradictions:
                contradictions[seed] = verdict.contradictions

    assert contradictions == {}
    assert counts["BN201 right"] >= PROGRAMS
    assert counts["runs after fixes"] >= PROGRAMS


def test_the_same_seed_gives_the_same_program() -> None:
    assert program(3) == program(3)
    assert len({str(program(seed).files) for seed in range(50)}) == 50


def test_programs_parse_and_have_one_to_five_files() -> None:
    sizes = Counter(len(program(seed).files) for seed in range(200))

    assert set(sizes) == {1, 2, 3, 4, 5}
    for seed in range(200):
        for name, text in program(seed).files.items():
            compile(text, name, "exec")
