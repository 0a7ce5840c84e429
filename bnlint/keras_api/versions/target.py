"""The version of Keras that code targets, and why bnlint assumes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from bnlint.keras_api.removed import Removed

Version: TypeAlias = tuple[int, ...]

_MOST_DIGITS: Final = 6  # a longer number is no version, and a huge one cannot be converted


class Target(NamedTuple):
    """The version of Keras that code targets, with the evidence.

    Attributes:
        version: ``(3,)`` or ``(3, 12)``.
        why: the evidence, for messages: ``"keras>=3.12 in requirements.txt"``.
    """

    version: Version
    why: str

    @property
    def major(self) -> int:
        return self.version[0]

    def is_from(self, version: Version) -> bool:
        """Whether it is certain to be ``version`` or later: ``(2,)`` may be any Keras 2."""
        return self.version >= version

    def is_before(self, version: Version) -> bool:
        """Whether it is certain to be earlier than ``version``."""
        return self.version < version[: len(self.version)]

    def may_lie_in(self, first: Version, end: Version) -> bool:
        """Whether it may be a version ``v`` with ``first`` <= ``v`` < ``end``: ``(3,)`` may be any
        Keras 3.
        """
        return not self.is_before(first) and not self.is_from(end)

    def refuses(self, removed: Removed) -> bool:
        """Whether the version certainly refuses an argument or path."""
        again = removed.until is not None and not self.is_before(removed.until)
        return self.is_from(removed.since) and not again

    def __str__(self) -> str:
        return f"Keras {'.'.join(map(str, self.version))} ({self.why})"


def set_to(text: str) -> Target:
    """The target that a setting names: ``"1"``, ``"2"``, ``"3"`` or ``"3.12"``."""
    return Target(version_of(text), "target-keras")


def version_of(digits: str) -> Version:
    """``"3.12"`` as ``(3, 12)``."""
    return tuple(
        int(part) if len(part) <= _MOST_DIGITS else 10**_MOST_DIGITS for part in digits.split(".")
    )
