"""What the lowering takes of LibCST besides its parser, imported when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import libcst as cst

_T = TypeVar("_T")


def node_table(by_name: Mapping[str, _T], families: Mapping[str, _T]) -> dict[type, _T]:
    """Values by node class, from values by the name of the class.

    A class that this LibCST does not have yet is left out; one that it has and we do not know
    gets the value of its family.
    """
    import libcst as cst

    classes = [each for each in vars(cst).values() if isinstance(each, type)]
    table = {
        each: value
        for family, value in families.items()
        for each in classes
        if issubclass(each, getattr(cst, family))
    }
    table |= {getattr(cst, name): value for name, value in by_name.items() if hasattr(cst, name)}
    return table


def sentinel() -> object:
    """What stands in a tree for a comma that is not there."""
    import libcst as cst

    return cst.MaybeSentinel.DEFAULT


def debug_text(part: cst.FormattedStringExpression) -> str:
    """What ``{x = }`` writes of itself in front of the value."""
    import libcst as cst

    pieces = (
        part.whitespace_before_expression,
        part.expression,
        part.whitespace_after_expression,
        part.equal or part.expression,
    )
    module = cst.Module([])
    return "".join([module.code_for_node(piece) for piece in pieces])
