"""Layers that a model and one nested in it may share.

A file describes such a layer once for each of the two, and nothing in the description says that it
is one layer with all the calls of both. What tells is that all is alike: class, name, arguments,
and the shape that it was built for.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TypeAlias

from bnlint.readers.model.saved.members import Member

_Outside: TypeAlias = ChainMap[tuple[str, str], Member]


def doubt_shared(root: Member) -> None:
    """Mark the layers that may be shared: that each of them has other calls can't be excluded.

    Layers of two models side by side are not doubted: those are mostly towers that one function
    built, and each of them has all of its layers to itself.
    """
    _doubt_below(root, ChainMap())


def _doubt_below(model: Member, outside: _Outside) -> None:
    for member in model.members:
        found = outside.get(_key(member))
        if found is not None and _are_alike(found, member):
            for one in (found.layer, member.layer):
                if one is not None:
                    one.escaped = True
    own = outside.new_child({_key(member): member for member in model.members if member.layer})
    for member in model.members:
        for nested in (member, *member.inner):
            if nested.members:
                _doubt_below(nested, own)


def _key(member: Member) -> tuple[str, str]:
    return member.description.class_name, member.name


def _are_alike(one: Member, other: Member) -> bool:
    """Whether two layers of one class and name are alike in all else that tells them apart."""
    if one.layer is None or other.layer is None or one.layer.arguments != other.layer.arguments:
        return False
    built = one.entry.get("build_config")
    return isinstance(built, Mapping) and built == other.entry.get("build_config")
