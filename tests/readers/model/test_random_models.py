"""A bounded sample of the comparison in ``benchmarks/agreement.py``."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.agreement import compare, workplace
from benchmarks.random_models import source

pytestmark = pytest.mark.keras
pytest.importorskip("tensorflow")

MODELS = 12


def test_source_and_model_and_gradient_agree_on_random_models() -> None:
    disagreements: dict[int, list[str]] = {}
    counts: Counter[str] = Counter()
    with workplace() as folder:
        for seed in range(MODELS):
            comparison = compare(seed, folder)
            counts += comparison.counts
            if comparison.disagreements:
                disagreements[seed] = comparison.disagreements

    assert disagreements == {}
    assert counts["redundant"] >= MODELS / 6
    assert counts["used"] >= MODELS / 3


def test_the_same_seed_gives_the_same_model() -> None:
    assert source(3) == source(3)
    assert len({source(seed) for seed in range(50)}) == 50
