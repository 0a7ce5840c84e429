"""What the editor says of the settings: at the start, when asked, and when they change."""

from __future__ import annotations

from collections.abc import Mapping

SECTION = "bnlint"
TRUSTED = "trusted"
"""Of the initialization options: the user trusts the workspace, so its own rules may run."""


def settings_in(value: object) -> dict[str, object]:
    """The settings that a client sent, whichever way it wraps them.

    Clients send the section itself, an object that holds it, or one with ``settings`` in it; what
    nobody set is ``null``. Names are those of ``[tool.bnlint]``; what is wrong with them is found
    out where they are used.
    """
    if not isinstance(value, Mapping):
        return {}
    for wrapper in (SECTION, "settings"):
        if isinstance(value.get(wrapper), Mapping):
            return settings_in(value[wrapper])
    return {str(key): plain(item) for key, item in value.items() if item is not None}


def plain(value: object) -> object:
    """JSON as built-in types, whatever the protocol library makes of it."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
