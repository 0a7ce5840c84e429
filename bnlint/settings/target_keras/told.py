"""What places say of the version of Keras, and what several of them say together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from bnlint.keras_api.versions.target import Target


class Told(NamedTuple):
    """What some place says of the version.

    Attributes:
        target: the version; ``None`` where nothing tells it, or where facts contradict each other.
        is_settled: whether anything speaks of it, so that no further place needs to be asked.
    """

    target: Target | None = None
    is_settled: bool = False


NOTHING: Final = Told()
CONFLICT: Final = Told(None, is_settled=True)


def agreed(targets: Iterable[Target]) -> Told:
    """The one version that all of ``targets`` may be: ``(3,)`` and ``(3, 5)`` are ``(3, 5)``."""
    listed = list(targets)
    if not listed:
        return NOTHING
    if len({target.major for target in listed}) > 1:
        return CONFLICT
    exact = [target for target in listed if len(target.version) > 1]
    if len({target.version for target in exact}) == 1:
        return Told(exact[0], is_settled=True)
    return Told(Target(listed[0].version[:1], listed[0].why), is_settled=True)
