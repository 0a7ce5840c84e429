"""The settings from the editor: at the start, on request, and when they change."""

from __future__ import annotations

from collections.abc import Mapping

SECTION = "bnlint"
TRUSTED = "trusted"
"""Initialization option: the user trusts the workspace, so its own rules may run."""


def settings_in(value: object) -> dict[str, object]:
    """The settings that a client sent, in any of the usual wrappers.

    Clients send the section itself, an object that contains it, or one with ``settings`` in it;
    settings without a value are ``null``. Names are those of ``[tool.bnlint]``; errors in them
    are found where the settings are used.
    """
    if not isinstance(value, Mapping):
        return {}
    for wrapper in (SECTION, "settings"):
        if isinstance(value.get(wrapper), Mapping):
            return settings_in(value[wrapper])
    return {str(key): plain(item) for key, item in value.items() if item is not None}


def plain(value: object) -> object:
    """JSON as built-in types, converted from the types of the protocol library."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
