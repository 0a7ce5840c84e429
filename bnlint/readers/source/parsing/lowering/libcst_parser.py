"""LibCST's parser, within bounds.

It recurses on the C stack without a bound, and its time is quadratic in nesting. The caller bounds
the size and the depth of the text; what is deep is parsed on a thread with a stack that fits.

Importing LibCST costs 0.15 s, so it is imported when something is first parsed.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

_STACK_SIZES: Final = (256 << 20, 16 << 20)  # bytes; the second where memory is limited

_T = TypeVar("_T")


class Unreadable(ValueError):  # noqa: N818
    """LibCST cannot parse the text."""


def parse(text: str) -> Any:  # noqa: ANN401  # a libcst.Module, which is not imported for its type
    """LibCST's tree of a module.

    Raises:
        Unreadable: LibCST cannot parse the text.
    """
    import libcst
    from libcst import native  # type: ignore[attr-defined]  # compiled, without a stub

    was_enabled = gc.isenabled()
    gc.disable()  # the tree is all new objects: a collection would walk it and free nothing
    try:
        return native.parse_module(text)
    except (libcst.ParserSyntaxError, libcst.CSTValidationError, UnicodeError) as error:
        raise Unreadable(str(error).partition("\n")[0]) from None
    finally:
        if was_enabled:
            gc.enable()


def is_readable(text: str) -> bool:
    """Whether LibCST parses ``text``; to be asked :func:`on_a_large_stack`."""
    try:
        parse(text)
    except Unreadable:
        return False
    return True


def on_a_large_stack(work: Callable[[], _T]) -> _T:
    """The result of ``work``, done on a thread whose stack is large and still empty.

    Raises:
        Unreadable: there is no memory for such a thread.
    """
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  # raised again below, on the caller's thread
            errors.append(error)

    for size in _STACK_SIZES:
        before = threading.stack_size(size)
        try:
            thread = threading.Thread(target=run)
            thread.start()
        except (RuntimeError, MemoryError):
            continue
        finally:
            threading.stack_size(before)
        thread.join()
        if errors:
            raise errors[0]
        return results[0]
    raise Unreadable("nested too deeply, and no thread to read it on")
