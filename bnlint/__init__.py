"""bnlint: finds BatchNormalization mistakes in Keras code before you train on them.

>>> import bnlint
>>> report = bnlint.lint(["src"])
>>> [finding.code for finding in report.findings]

The names below are imported when they are first used: ``import bnlint`` costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own flag is worth 1 ms of start-up; checkers know this name
if TYPE_CHECKING:
    from bnlint import keras as keras
    from bnlint.findings import (
        Applicability,
        Edit,
        Failure,
        Finding,
        Fix,
        Location,
        Outcome,
        Related,
        Severity,
        Site,
    )
    from bnlint.interfaces.api import (
        ProblemsFoundError,
        assert_clean,
        fold,
        inspect,
        lint,
        lint_source,
        prove,
    )
    from bnlint.interfaces.report import Report as Report
    from bnlint.interfaces.trained_models import Gap, fuse, gap, recalibrate
    from bnlint.readers.model.errors import InspectionError
    from bnlint.settings import SettingsError

__version__ = "0.2.0"

__all__ = [
    "Applicability",
    "Edit",
    "Failure",
    "Finding",
    "Fix",
    "Gap",
    "InspectionError",
    "Location",
    "Outcome",
    "ProblemsFoundError",
    "Related",
    "Report",
    "SettingsError",
    "Severity",
    "Site",
    "__version__",
    "assert_clean",
    "fold",
    "fuse",
    "gap",
    "inspect",
    "lint",
    "lint_source",
    "prove",
    "recalibrate",
]

_HOME = {
    "Gap": "interfaces.trained_models",
    "InspectionError": "readers.model.errors",
    "Report": "interfaces.report",
    "ProblemsFoundError": "interfaces.api",
    "SettingsError": "settings",
    "assert_clean": "interfaces.api",
    "fold": "interfaces.api",
    "fuse": "interfaces.trained_models",
    "gap": "interfaces.trained_models",
    "inspect": "interfaces.api",
    "lint": "interfaces.api",
    "lint_source": "interfaces.api",
    "prove": "interfaces.api",
    "recalibrate": "interfaces.trained_models",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "keras":
        return import_module("bnlint.keras")
    if name not in __all__:
        raise AttributeError(f"module 'bnlint' has no attribute {name!r}")
    return getattr(import_module(f"bnlint.{_HOME.get(name, 'findings')}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
