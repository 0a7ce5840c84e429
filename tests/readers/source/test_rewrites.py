"""Programs that mean the same have the same findings: a sample of ``benchmarks.rewrites``."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.rewrites.comparing import EXAMPLES, differences
from benchmarks.rewrites.rewriting import REWRITES

EVERY = 40
"""One of so many examples is rewritten, for each rewrite another one."""
SECOND_NAME = ("helper_that_does_not_descend.py", "thawed_in_keras_2.py")
"""What is frozen is not followed through a second name for it: BN512 is silent there."""


@pytest.mark.parametrize("name", REWRITES)
def test_a_rewrite_that_keeps_the_meaning_keeps_the_findings(name: str) -> None:
    first = list(REWRITES).index(name) % EVERY
    files = [file for file in EXAMPLES[first::EVERY] if file.name not in SECOND_NAME]
    compared = {file: differences(file, name) for file in files}

    applied = {_named(file): found for file, found in compared.items() if found is not None}
    assert applied
    assert {name: found for name, found in applied.items() if found} == {}


def _named(file: Path) -> str:
    return f"{file.parent.parent.name}/{file.name}"
