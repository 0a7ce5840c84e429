"""Addresses of rule pages: what the installed distribution says, where a format has a place."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import ROOT, Bnlint, Write

from bnlint.project.judging import rule_links
from bnlint.project.judging.rule_book import RuleInfo, load, rules_folder
from bnlint.project.judging.rule_links import link

WEB = "https://example.org/bnlint/rules"
PAGE = f"{WEB}/BN201-redundant-bias"


def published(folder: Path, *urls: str) -> str:
    """A folder for ``sys.path`` with a distribution that has these ``project.urls``."""
    info = folder / "site" / "bnlint-9.dist-info"
    info.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", "Name: bnlint", "Version: 9"]
    lines += [f"Project-URL: {url}" for url in urls]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    return str(info.parent)


def paths(site: str) -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join([site, str(ROOT)])}


def test_all_formats_give_the_published_address(
    bnlint: Bnlint, write: Write, tmp_path: Path
) -> None:
    env = paths(published(tmp_path, "Home, https://x.org", f"Rules, {WEB}/"))
    write("a.py")
    (found,) = json.loads(bnlint("--output-format", "json", ".", env=env).out)
    assert found["url"] == PAGE
    assert json.loads(bnlint("--output-format", "json-lines", ".", env=env).out)["url"] == PAGE
    (found,) = json.loads(bnlint("--output-format", "rdjson", ".", env=env).out)["diagnostics"]
    assert found["code"] == {"value": "BN201", "url": PAGE}
    (run,) = json.loads(bnlint("--output-format", "sarif", ".", env=env).out)["runs"]
    assert {rule["id"]: rule["helpUri"] for rule in run["tool"]["driver"]["rules"]} == {
        code: f"{WEB}/{info.folder.name}" for code, info in load().rules.items()
    }


@pytest.mark.parametrize("urls", [(), ("Home, https://x.org",), ("Rules, ftp://x.org/rules",)])
def test_none_is_made_up(
    bnlint: Bnlint, write: Write, tmp_path: Path, urls: tuple[str, ...]
) -> None:
    env = paths(published(tmp_path, *urls))
    write("a.py")
    (found,) = json.loads(bnlint("--output-format", "json", ".", env=env).out)
    assert found["url"] is None
    assert "helpUri" not in bnlint("--output-format", "sarif", ".", env=env).out
    (found,) = json.loads(bnlint("--output-format", "rdjson", ".", env=env).out)["diagnostics"]
    assert found["code"] == {"value": "BN201"}


@pytest.fixture
def _asked_anew() -> Iterator[None]:
    rule_links._base.cache_clear()
    yield
    rule_links._base.cache_clear()


@pytest.mark.usefixtures("_asked_anew")
def test_a_rule_of_ones_own_is_not_on_that_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(published(tmp_path, f"Rules, {WEB}"))
    built_in = RuleInfo("BN201", "redundant-bias", rules_folder() / "BN201-redundant-bias")
    assert link(built_in) == PAGE
    assert link(RuleInfo("XY101", "mine", tmp_path / "XY101-mine")) is None
