"""bnlint: finds BatchNormalization mistakes in Keras code before you train on them.

>>> import bnlint
>>> report = bnlint.lint(["src"])
>>> [finding.code for finding in report.findings]

The names below are imported when they are first used: ``import bnlint`` costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own flag is worth 1 ms of start-up; checkers know this name
if TYPE_CHECKING:
    from bnlint.api import inspect, lint, lint_source
    from bnlint.findings import (
        Applicability,
        Edit,
        Failure,
        Finding,
        Fix,
        Location,
        Outcome,
        Related,
        Report,
        Severity,
        Site,
    )
    from bnlint.model.errors import InspectionError
    from bnlint.settings import SettingsError

__version__ = "0.1.0"

__all__ = [
    "Applicability",
    "Edit",
    "Failure",
    "Finding",
    "Fix",
    "InspectionError",
    "Location",
    "Outcome",
    "Related",
    "Report",
    "SettingsError",
    "Severity",
    "Site",
    "__version__",
    "inspect",
    "lint",
    "lint_source",
]

_HOME = {
    "InspectionError": "model.errors",
    "SettingsError": "settings",
    "inspect": "api",
    "lint": "api",
    "lint_source": "api",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'bnlint' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"bnlint.{_HOME.get(name, 'findings')}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
