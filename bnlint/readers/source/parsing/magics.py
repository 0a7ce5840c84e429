"""What notebooks allow besides Python (magics, shell lines, help) is masked; the rest is read.

A mask keeps the number of lines and the place of everything outside of it, as :mod:`broken` does.
What each form means is IPython's documentation ("Built-in magic commands", "System shell access").
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from typing import Final

from bnlint.readers.source.parsing.broken import PLACEHOLDER, Scanner

# Cell magics whose cell is Python that runs in the notebook itself.
_PYTHON_CELLS: Final = frozenset({
    "capture", "debug", "heat", "ipytest", "lprun", "memit", "mprun", "prun", "pyinstrument",
    "scalene", "snakeviz", "time", "timeit", "wandb",
})  # fmt: skip

# Commands that IPython takes without their percent sign, as far as people write them in notebooks.
_AUTOMAGIC: Final = re.compile(
    r"(?:pip3?|conda|mamba|uv|cd|ls|ll|cat|cp|mv|rm|mkdir|rmdir|pwd|man|more|less|run|load_ext"
    r"|matplotlib|pylab|cls|clear|reset|who|whos|env|set_env|time|timeit)(?=\s)(?!\s*[=(\[,:])"
)
_CELL_MAGIC: Final = re.compile(r"%%(\w+)(?!\w*\s*\?)")
_LINE_START: Final = re.compile(r"[ \t\f]*[%!?/,;]")
_ASSIGNMENT: Final = re.compile(r"([^=#]*[^=#!<>])=[ \t]*[!%]")
_HELP: Final = re.compile(r"[^#]*\?[ \t]*$")
_TIME: Final = re.compile(r"([ \t]*)%time[ \t](.*)$")
_PERCENT_CELL: Final = re.compile(r"#[ \t]*%%")
_WHITE: Final = " \t\f"


def mask_cell(lines: Sequence[str]) -> list[str] | None:
    """The lines of a notebook cell as Python; ``None`` where a cell magic makes it something else.

    What is neither Python nor IPython's stays as it is.
    """
    masked = list(lines)
    for index, line in enumerate(lines):
        if not line.strip(_WHITE):
            continue
        magic = _CELL_MAGIC.match(line)
        if magic is None:
            break
        if magic.group(1) not in _PYTHON_CELLS:
            return None
        masked[index] = ""  # `%%capture` may stand above `%%time`
    _mask_lines(masked)
    return masked


def mask_script(lines: Sequence[str]) -> list[str] | None:
    """The lines of a script in the percent format as Python; ``None`` for any other text.

    Its cells start at ``# %%``; editors run them as a notebook's, magics and all.
    """
    starts = [index for index, line in enumerate(lines) if _PERCENT_CELL.match(line)]
    if not starts:
        return None
    masked: list[str] = []
    for start, end in zip([-1, *starts], [*starts, len(lines)], strict=True):
        cell = lines[start + 1 : end]
        masked += [*lines[max(start, 0) : start + 1], *(mask_cell(cell) or [""] * len(cell))]
    return masked


def _mask_lines(lines: list[str]) -> None:
    """Mask, in place, every logical line that is IPython's."""
    # Magics are masked in order, so what follows is never taken to be inside their brackets.
    scanner = Scanner(lines)
    index = 0
    while index < len(lines):
        line = lines[index]
        code = line.lstrip(_WHITE)
        if not code or code[0] == "#":
            index += 1
            continue
        end = _continued(lines, index)
        if _LINE_START.match(line):
            _replace(lines, index, end, _statement(line, alone=index == end))
            index = end + 1
            continue
        last = scanner.last_line(index)
        if last <= end and (masked := _masked_line(line, code)) is not None:
            _replace(lines, index, end, masked)
            last = end
        index = last + 1


def _masked_line(line: str, code: str) -> str | None:
    """The mask of a line that starts as Python does; ``None`` where it is Python."""
    assigned = _ASSIGNMENT.match(line)
    if not (assigned or _HELP.match(line) or _AUTOMAGIC.match(code)) or _parses(code):
        return None
    return f"{assigned.group(1)}= {PLACEHOLDER}" if assigned else _margin(line) + "pass"


def _continued(lines: list[str], index: int) -> int:
    """The last line of a magic: only a backslash carries one on."""
    while lines[index].endswith("\\") and index + 1 < len(lines):
        index += 1
    return index


def _statement(line: str, *, alone: bool) -> str:
    """What a line of IPython's is read as: `%time` runs the statement after it."""
    timed = _TIME.match(line) if alone else None
    if timed:
        statement = f"{timed.group(1)}pass;{line[timed.start(2) - 1 :]}"
        if _parses(statement.lstrip(_WHITE)):
            return statement
    return _margin(line) + "pass"


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip(_WHITE))]


def _replace(lines: list[str], first: int, last: int, text: str) -> None:
    lines[first : last + 1] = [text, *[""] * (last - first)]


def _parses(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
