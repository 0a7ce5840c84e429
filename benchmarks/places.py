"""Where the benchmarks keep what they download and install."""

from __future__ import annotations

from pathlib import Path

import platformdirs

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
PACKAGES_TOML = HERE / "packages.toml"
REQUIREMENTS = HERE / "requirements"
READINGS = HERE / "readings" / "readings.csv"


def cache_folder() -> Path:
    """The user's cache folder for the benchmarks; nothing is written outside it by default."""
    return Path(platformdirs.user_cache_path("bnlint")) / "benchmarks"


def corpus_folder() -> Path:
    """The default folder for the unpacked public packages."""
    return cache_folder() / "corpus"
