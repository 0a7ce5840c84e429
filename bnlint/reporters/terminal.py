"""Output for a terminal: colour if requested, and no control characters."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    Paint = Callable[[str, str], str]
    """``paint(text, style)``: the text in a style such as ``"bold red"``, or unchanged."""


def wants_colour(choice: str, stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether to write colour to ``stream``.

    Args:
        choice: ``--color``: ``"always"`` and ``"never"`` are final.
        stream: where the output goes; ``None`` for a file.
        environment: ``FORCE_COLOR``, ``NO_COLOR`` (https://no-color.org) and ``TERM`` are read.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal(stream) and environment.get("TERM") != "dumb"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether ``stream`` is a terminal."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def painter(*, colour: bool) -> Paint:
    """The function that styles text; rich is imported only if there is colour."""
    if not colour:
        return lambda text, _style: text
    from rich.color import ColorSystem
    from rich.style import Style

    def paint(text: str, style: str) -> str:
        return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)

    return paint


def printable(text: str) -> str:
    r"""``text`` with control characters escaped (``\x1b``, ``\u202e``, ``\udcff``).

    File names and source lines come from others; they must not move the cursor or show text in
    a false order.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _SPACES else _escaped(c) for c in text)


# Wide and thin spaces are not "printable" for Python, but harmless.
_SPACES = "\xa0\u2002\u2003\u2009\u200a\u202f\u3000"


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # a byte of a file name that is not UTF-8
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def columns() -> int:
    """The width of the terminal in columns."""
    import shutil

    return max(shutil.get_terminal_size((100, 24)).columns, 40)
