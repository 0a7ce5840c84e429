"""BN603: rename arguments of a constructor to their current names.

Safe: the target Keras refuses the call as it is. A call is changed completely or not at all, and
only where the meaning stays the same. There is no fix for a position with another meaning today, a
value that needs another spelling but can't be read, or a removed argument that had an effect.
"""

from __future__ import annotations

import ast
from typing import Final

from bnlint.findings import Applicability, Fix
from bnlint.keras_api.keras1 import PARTS_OF_KERNEL_SIZE
from bnlint.repair import RenameArguments
from bnlint.repair.bias import layout
from bnlint.repair.editing.arguments import CallText, changed
from bnlint.repair.editing.source import Source

# Their values where they had no effect. `fused` only chose an implementation.
_WITHOUT_EFFECT: Final[dict[str, tuple[object, ...]]] = {
    "mode": (0,),
    "weights": (None,),
    "virtual_batch_size": (None,),
    "adjustment": (None,),
    "renorm": (False,),
}
_OF_RENORM: Final = ("renorm_clipping", "renorm_momentum")
_DATA_FORMATS: Final = {"th": '"channels_first"', "tf": '"channels_last"', "default": "None"}
# Their values are spelled differently today.
_OTHER_VALUES: Final = ("consume_less", "forget_bias_init")
# How many leading positions mean the same in Keras 1 and today, where it is not just one.
_SAME_POSITIONS: Final = {"BatchNormalization": 0, "Conv1D": 2, "Embedding": 2}
_PARTS: Final = {"Conv2D": 2, "Conv3D": 3}
"""How many positions after the first one are the parts of the kernel size."""
_NOT_CONSTANT: Final = object()


def fix(repair: RenameArguments, source: Source) -> Fix | None:
    """The fix; ``None`` where a name or position has no counterpart that means the same."""
    call = source.call(repair.layer)
    if call is None or any(keyword.arg is None for keyword in call.keywords):
        return None
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    taken = {new for _, new in repair.names} & set(given)
    if taken or not _have_no_effect(repair, given) or not _are_read_alike(call, repair, given):
        return None

    def change(text: CallText) -> None:
        _merge_positions(text, repair, len(call.args))
        _merge_keywords(text, repair)
        for old, new in repair.names:
            place = text.index(old)
            if place is None:
                continue
            if not new:
                text.remove(place)
                continue
            text.rename(place, new)
            if old == "dim_ordering":
                text.replace(place, _DATA_FORMATS[str(_constant(given[old]))])

    code = changed(source.code(call), layout(call, source), change)
    edits = [] if code is None else source.replacing(call, code)
    words = ", ".join(f"`{new or old}`" for old, new in repair.names)
    does = "Write" if all(new for _, new in repair.names) else "Rename or leave out"
    return Fix(Applicability.SAFE, f"{does} {words}", tuple(edits)) if edits else None


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else _NOT_CONSTANT


def _have_no_effect(repair: RenameArguments, given: dict[str, ast.expr]) -> bool:
    """Whether the removed arguments had no effect."""
    renorm = _constant(given["renorm"]) if "renorm" in given else False
    for old, new in repair.names:
        if new or old == "fused":
            continue
        if old in _OF_RENORM:
            if renorm is not False:
                return False
            continue
        value = _constant(given[old])
        if not any(value is harmless or value == harmless for harmless in _WITHOUT_EFFECT[old]):
            return False
    return True


def _are_read_alike(call: ast.Call, repair: RenameArguments, given: dict[str, ast.expr]) -> bool:
    """Whether positions and values can be kept, or this module rewrites them."""
    if any(isinstance(value, ast.Starred) for value in call.args):
        return False
    is_old = any(new for _, new in repair.names)
    positions = len(call.args)
    if is_old and positions > _SAME_POSITIONS.get(repair.kind, 1) and not _is_kernel(call, repair):
        return False
    names = [old for old, _ in repair.names]
    if any(old in _OTHER_VALUES for old in names):
        return False
    parts = _parts_in(names)
    if parts is None:
        return False
    return "dim_ordering" not in names or _constant(given["dim_ordering"]) in _DATA_FORMATS


def _is_kernel(call: ast.Call, repair: RenameArguments) -> bool:
    """``Conv2D(64, 3, 3, …)`` in the order of Keras 1, or ``Conv2D(64, (3, 3), …)``."""
    parts = _PARTS.get(repair.kind)
    if parts is None:
        return False
    sizes = call.args[1:]
    if any(isinstance(size, (ast.Tuple, ast.List)) for size in sizes):
        return len(sizes) == 1
    return len(sizes) == parts


def _parts_in(names: list[str]) -> tuple[str, ...] | None:
    """The keywords that together become `kernel_size`; ``None`` where some are missing."""
    for parts in PARTS_OF_KERNEL_SIZE:
        found = [part for part in parts if part in names]
        if found:
            return parts if len(found) == len(parts) else None
    return ()


def _merge_positions(text: CallText, repair: RenameArguments, positions: int) -> None:
    parts = _PARTS.get(repair.kind)
    if parts is None or positions != parts + 1:
        return
    sizes = [text.value(place) for place in range(1, positions)]
    text.replace(1, f"({', '.join(sizes)})")
    for place in range(positions - 1, 1, -1):
        text.remove(place)


def _merge_keywords(text: CallText, repair: RenameArguments) -> None:
    parts = _parts_in([old for old, _ in repair.names]) or ()
    places = [place for part in parts if (place := text.index(part)) is not None]
    if not places:
        return
    value = f"({', '.join(text.value(place) for place in places)})"
    text.rename(places[0], "kernel_size")
    text.replace(places[0], value)
    for place in sorted(places[1:], reverse=True):
        text.remove(place)
