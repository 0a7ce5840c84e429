"""How large a value may get: checked before it is made, so that no program makes the reader build
something huge.

What does not fit is unknown. A container at the bound may hold more than what is known of it, and
nothing that walks over values goes through the same one for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Final

MOST_ITEMS: Final = 10_000
"""Of a list or tuple; and of all that are nested in a value that is taken for a constant."""
MOST_CHARACTERS: Final = 10_000
MOST_NESTED: Final = 40
"""Levels of containers in a constant: Python's own comparison and hashing recurse over them."""
LARGEST_NUMBER: Final = 1 << 64

_DIGITS: Final = 24  # of a number no larger than that, or of a float
_WIDTH: Final = re.compile(r"%[^%a-zA-Z]*(?:\*|\d{4})")


def is_full(container: Sized) -> bool:
    """Whether a list may hold more than what is known of it, since there was no room."""
    return len(container) >= MOST_ITEMS


def grow(container: list[Any], items: Sequence[Any]) -> Sequence[Any]:
    """Add ``items`` to a list as far as there is room; return those that are left out."""
    room = max(MOST_ITEMS - len(container), 0)
    left_out = items[room:]
    container.extend(items[:room])
    return left_out


def leaves(value: object) -> Iterator[Any]:
    """What is in nested lists, tuples and dicts, in order, as far as :data:`MOST_ITEMS` go.

    A container that is met twice is gone through twice: ``[x, x]`` is two tensors.
    """
    waiting: list[object] = [value]
    parts = 0
    while waiting:
        item = waiting.pop()
        parts += 1
        if parts > MOST_ITEMS:
            return
        if isinstance(item, (list, tuple)):
            waiting.extend(reversed(item[: MOST_ITEMS + 1 - parts]))
        elif isinstance(item, dict):
            waiting.extend(reversed(list(item.values())[: MOST_ITEMS + 1 - parts]))
        else:
            yield item


def is_small(value: object) -> bool:
    """Whether nested containers hold few enough items for a walk that recurses over them."""
    waiting = [(value, 0)]
    for parts, (item, depth) in enumerate(waiting):  # grows meanwhile
        if parts > MOST_ITEMS or depth > MOST_NESTED:
            return False
        if isinstance(item, (list, tuple)):
            waiting.extend((each, depth + 1) for each in item)
    return True


def each_once(value: object) -> Iterator[Any]:
    """What is in nested lists, tuples, sets and dicts; each container is gone through once."""
    waiting: list[object] = [value]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, (list, tuple, dict, set, frozenset)):
            yield item
        elif id(item) not in seen:
            seen.add(id(item))
            waiting.extend(item.values() if isinstance(item, dict) else item)


# Text


def characters(values: Iterable[object]) -> int:
    """How many characters these constants have in words, at most."""
    total = 0
    for value in leaves(list(values)):
        total += len(value) if isinstance(value, (str, bytes)) else _DIGITS
        total += 2  # a comma between them, or a quote around
    return total


def is_printable(value: object) -> bool:
    """Whether a scalar may be put into words: Python refuses numbers of thousands of digits."""
    return not isinstance(value, int) or abs(value) <= LARGEST_NUMBER


def fits_text(text: str, method: str, arguments: Sequence[Any]) -> bool:
    """Whether ``text.method(*arguments)`` stays within the bound.

    Args:
        text: a string.
        method: the name of the method, or ``"%"`` for the operator.
        arguments: constants.
    """
    most = characters(arguments)
    if not all(map(is_printable, leaves(list(arguments)))):
        return False
    match method:
        case "join":
            count = len(arguments[0]) if arguments and hasattr(arguments[0], "__len__") else 0
            return len(text) * count + most <= MOST_CHARACTERS
        case "replace":
            return (len(text) + 1) * max(most, 1) <= MOST_CHARACTERS * 10
        case "format":
            # A width could make it any size.
            return ":" not in text and len(text) + text.count("{") * most <= MOST_CHARACTERS
        case "%":
            size = len(text) + text.count("%") * most
            return size <= MOST_CHARACTERS and _WIDTH.search(text) is None
        case "zfill" | "ljust" | "rjust" | "center" | "expandtabs":
            widths = [number for number in arguments if isinstance(number, int)]
            tabs = text.count("\t") if method == "expandtabs" else 1
            return len(text) + tabs * max(widths, default=8) <= MOST_CHARACTERS
        case _:
            return len(text) <= MOST_CHARACTERS
