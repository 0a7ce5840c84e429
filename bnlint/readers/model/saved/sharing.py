"""Layers that a model and one nested in it may share.

A file describes such a layer once in each model, and the description does not state that it is one
layer with the calls of both. The only sign is that everything is equal: class, name, arguments,
and the shape that it was built for.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TypeAlias

from bnlint.readers.model.saved.members import Member

_Outside: TypeAlias = ChainMap[tuple[str, str], Member]


def doubt_shared(root: Member) -> None:
    """Mark the layers that may be shared, and so may have other calls.

    Layers of two models side by side are not marked: these are mostly towers that one function
    built, and they share no layers.
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
    """Whether two layers of one class and name are also equal in all other properties."""
    if one.layer is None or other.layer is None or one.layer.arguments != other.layer.arguments:
        return False
    built = one.entry.get("build_config")
    return isinstance(built, Mapping) and built == other.entry.get("build_config")
