"""The rule pages say what the rules do, and the programs on them behave as the pages say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

import bnlint
from bnlint.interfaces.cli import rule_pages
from bnlint.project.judging.rule_book import RuleInfo, index, load, rule_table, rules_folder
from bnlint.settings import SettingsFinder

Lint: TypeAlias = Callable[..., set[tuple[str, int, int, str, str]]]

SECTIONS = (
    "What it does",
    "Why is this bad?",
    "Example",
    "Use instead",
    "Fix safety",
    "Options",
    "Known problems",
    "References",
)
OPTIONAL = {"Options", "References"}

RULES = list(load().rules.values())
README = rules_folder().parent / "README.md"


def code(info: RuleInfo) -> str:
    return info.code


def section(info: RuleInfo, title: str) -> str:
    _, _, rest = info.page().partition(f"\n## {title}\n")
    return rest.partition("\n## ")[0]


def programs() -> Iterator[tuple[RuleInfo, str, str]]:
    for info in RULES:
        for title in ("Example", "Use instead"):
            for block in re.findall(r"```python\n(.*?)```", section(info, title), re.DOTALL):
                yield info, title, block


PROGRAMS = [
    pytest.param(info, title, block, id=f"{info.code}-{title.lower().replace(' ', '-')}-{number}")
    for number, (info, title, block) in enumerate(programs())
]


@pytest.mark.parametrize("info", RULES, ids=code)
def test_page_has_its_sections_in_order(info: RuleInfo) -> None:
    titles = re.findall(r"^## (.*)$", info.page(), re.MULTILINE)

    assert titles == [title for title in SECTIONS if title in titles]
    assert set(SECTIONS) - OPTIONAL <= set(titles)
    assert all(section(info, title).strip() for title in titles)


@pytest.mark.parametrize("info", RULES, ids=code)
def test_page_is_headed_by_name_and_code(info: RuleInfo) -> None:
    assert info.page().splitlines()[0] == f"# {info.name} ({info.code})"


@pytest.mark.parametrize("info", RULES, ids=code)
def test_links_between_pages_lead_somewhere(info: RuleInfo) -> None:
    for target in re.findall(r"\]\((\.[^)]*)\)", info.page()):
        assert (info.folder / target).is_file(), target


@pytest.mark.parametrize("info", RULES, ids=code)
def test_page_shows_programs_with_and_without_the_problem(info: RuleInfo) -> None:
    titles = {title for shown, title, _ in programs() if shown is info}

    assert titles == {"Example", "Use instead"}


@pytest.mark.parametrize(("info", "title", "block"), PROGRAMS)
def test_program_on_the_page_behaves_as_the_page_says(
    info: RuleInfo, title: str, block: str, tmp_path: Path, lint: Lint
) -> None:
    file = tmp_path / "program.py"
    file.write_text(block, encoding="utf-8")

    found = {finding[3] for finding in lint(file, extend_select=[info.code])}

    if info.rule().reads_weights:
        assert info.code not in found  # source has no weights
    elif title == "Example":
        assert info.code in found
    else:
        assert found == set()


TRAINED = [each for each in PROGRAMS if each.values[0].rule().reads_weights]  # type: ignore[union-attr]


@pytest.mark.keras
@pytest.mark.parametrize(("info", "title", "block"), TRAINED)
def test_model_of_the_page_is_in_the_state_that_the_page_says(
    info: RuleInfo, title: str, block: str
) -> None:
    names: dict[str, object] = {}
    exec(compile(block, f"{info.code}.py", "exec"), names)  # a page of this repository

    found = {finding.code for finding in bnlint.inspect(names["model"], isolated=True).findings}

    assert (info.code in found) == (title == "Example")
    assert title == "Example" or not found


@pytest.mark.parametrize("info", RULES, ids=code)
def test_folder_and_class_name_the_same_rule(info: RuleInfo) -> None:
    rule = info.rule()

    assert info.folder.name == f"{rule.code}-{rule.name}"
    assert (info.folder / "examples").is_dir()


def test_every_folder_of_the_rule_book_is_a_rule() -> None:
    folders = {path.name for path in rules_folder().iterdir() if path.is_dir()} - {"__pycache__"}

    assert folders == {info.folder.name for info in RULES}


@pytest.mark.parametrize("info", RULES, ids=code)
def test_summary_is_one_plain_line(info: RuleInfo) -> None:
    assert info.summary == info.summary.strip()
    assert "\n" not in info.summary
    assert not info.summary.endswith(".")
    assert len(info.summary) <= 100


def test_index_is_made_of_the_pages() -> None:
    text = (rules_folder() / "README.md").read_text(encoding="utf-8")

    assert text == index(load()), (
        "python -m bnlint.project.judging.rule_book index > rules/README.md"
    )
    for target in re.findall(r"\]\(([^):]*)\)", text):
        assert (rules_folder() / target).is_file(), target


def test_readme_has_the_table_of_rules() -> None:
    text = README.read_text(encoding="utf-8") if README.is_file() else ""
    found = re.search(r"<!-- rules -->\n(.*?)<!-- /rules -->", text, re.DOTALL)
    if found is None:
        pytest.skip("the README has no place for the table yet")

    assert found[1].strip() == rule_table(load()).strip()


@pytest.mark.parametrize("info", RULES, ids=lambda info: info.code)
def test_every_page_fits_a_terminal(info: RuleInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    settings = SettingsFinder(isolated=True).for_folder(".")
    text = rule_pages.page(settings, info.code, colour=True)
    plain = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", text)
    assert info.code in plain
    assert not re.search(r"\]\(|^#+ |```", plain, re.MULTILINE)
    assert set(re.findall(r"\x1b\]8;[^;]*;([a-z]*)", text)) <= {"", "https"}
    assert max(map(len, plain.splitlines())) <= 80
