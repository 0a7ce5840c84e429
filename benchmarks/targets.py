"""The speed targets, as ratios of what one run measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.inputs import COPIES
from benchmarks.measure import Cost

#: The cost of (tool, input).
Costs = Mapping[tuple[str, str], Cost]


@dataclass(frozen=True, slots=True)
class Ratio:
    """``of`` may cost at most ``limit`` times what ``against`` costs, in CPU seconds."""

    what: str
    of: tuple[str, str]
    against: tuple[str, str]
    limit: float

    def figure(self, costs: Costs) -> float | None:
        """The measured ratio; ``None`` where a part of it was not measured."""
        if self.of not in costs or self.against not in costs:
            return None
        if any(costs[key].status is None for key in (self.of, self.against)):
            return None
        return costs[self.of].cpu / costs[self.against].cpu


@dataclass(frozen=True, slots=True)
class Peak:
    """The peak memory of ``of`` may be at most ``limit`` megabytes."""

    what: str
    of: tuple[str, str]
    limit: float

    def figure(self, costs: Costs) -> float | None:
        """The measured megabytes; ``None`` where it was not measured."""
        return costs[self.of].peak if self.of in costs else None


TARGETS: tuple[Ratio | Peak, ...] = (
    Ratio("start-up / flake8's", ("bnlint", "nothing"), ("flake8", "nothing"), 0.4),
    Ratio("no-BatchNorm file / flake8's start-up", ("bnlint", "none"), ("flake8", "nothing"), 0.4),
    Ratio("whole corpus, cold / ruff", ("bnlint", "whole"), ("ruff", "whole"), 4),
    Ratio("whole corpus, cold / flake8", ("bnlint", "whole"), ("flake8", "whole"), 0.1),
    Ratio("BatchNorm files, cold / fixit", ("bnlint", "mention"), ("fixit", "mention"), 0.25),
    Ratio("BatchNorm files, cold / torchfix", ("bnlint", "mention"), ("torchfix", "mention"), 0.08),
    Ratio(
        f"{COPIES} scripts in a file / one",
        ("bnlint", f"scriptx{COPIES}"),
        ("bnlint", "scriptx1"),
        COPIES,
    ),
    Ratio(
        f"{COPIES} x resnet.py in a file / one",
        ("bnlint", f"resnetx{COPIES}"),
        ("bnlint", "resnetx1"),
        COPIES,
    ),
    Peak("peak memory, whole corpus (MB)", ("bnlint", "whole"), 300),
    Peak("peak memory, whole corpus, default jobs (MB)", ("bnlint-jobs", "whole"), 300),
)


def net_of_startup(costs: Costs, name: str) -> float | None:
    """The ratio of 50 copies to one, after subtracting the start-up time from both."""
    keys = [("bnlint", f"{name}x{COPIES}"), ("bnlint", f"{name}x1"), ("bnlint", "nothing")]
    if any(key not in costs for key in keys):
        return None
    many, one, nothing = (costs[key].cpu for key in keys)
    return (many - nothing) / (one - nothing) if one > nothing else None
