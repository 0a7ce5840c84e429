"""The Keras version that one source states, and the version on which several sources agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from bnlint.keras_api.versions.target import Target


class Told(NamedTuple):
    """The Keras version that a source states.

    Attributes:
        target: the version; ``None`` where it is not stated, or where facts contradict each other.
        is_settled: whether there is any statement, so that no further source is needed.
    """

    target: Target | None = None
    is_settled: bool = False


NOTHING: Final = Told()
CONFLICT: Final = Told(None, is_settled=True)


def agreed(targets: Iterable[Target]) -> Told:
    """The one version that fits all of ``targets``: ``(3,)`` and ``(3, 5)`` give ``(3, 5)``."""
    listed = list(targets)
    if not listed:
        return NOTHING
    if len({target.major for target in listed}) > 1:
        return CONFLICT
    exact = [target for target in listed if len(target.version) > 1]
    if len({target.version for target in exact}) == 1:
        return Told(exact[0], is_settled=True)
    return Told(Target(listed[0].version[:1], listed[0].why), is_settled=True)
