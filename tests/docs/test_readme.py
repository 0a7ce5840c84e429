"""What the README shows is what the program does."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bnlint import settings
from bnlint.findings import Outcome, Severity
from bnlint.project.judging import selection
from bnlint.project.judging.rule_book import load, rule_table
from bnlint.settings import DEFAULT_EXCLUDE, FORMATS, ORDERS, SEVERITIES, Layer, Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").glob("*.md")),
    ]
}
EXAMPLE = "rules/BN201-redundant-bias/examples/normalization_optional.py"


def bnlint(*arguments: str, stdin: str = "") -> str:
    """What the program prints, a hundred columns wide."""
    environment = {
        key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR")
    }
    done = subprocess.run(
        [sys.executable, "-m", "bnlint", "--isolated", "--no-cache", *arguments],
        cwd=ROOT,
        env={**environment, "COLUMNS": "100"},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=50,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def section(title: str) -> str:
    _, _, rest = README.partition(f"\n## {title}\n")
    assert rest, title
    return rest.partition("\n## ")[0]


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def between(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert found, name
    return found[1]


@pytest.mark.parametrize("block", blocks("console"))
def test_output_is_what_the_program_prints(block: str) -> None:
    command, _, output = block.partition("\n")
    program, *arguments = shlex.split(command.removeprefix("$ "))

    # A reader has a terminal, where the full format is the default.
    wide = [] if "--statistics" in arguments else ["--output-format", "full"]

    assert program == "bnlint"
    assert output == bnlint(*wide, *arguments)


def test_json_is_what_the_program_prints() -> None:
    shown = json.loads(blocks("json", section("Use"))[0])

    printed = json.loads(
        bnlint("--output-format", "json", EXAMPLE).replace(str(ROOT), "/project").replace("\\", "/")
    )

    assert shown == printed


def test_python_example_prints_what_the_page_says() -> None:
    done = subprocess.run(
        [sys.executable, "-c", blocks("python", section("Python"))[0]],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=50,
        check=True,
    )

    assert done.stdout == blocks("text", section("Python"))[0]


def test_table_of_rules_is_the_rule_book() -> None:
    assert between("rules").strip() == rule_table(load()).strip()


def test_reasons_for_the_defaults_name_every_rule() -> None:
    text, _, _ = section("Rules").partition("<!-- rules -->")
    chosen, _, preview = text.partition("The others are in *preview*")
    preview, _, _ = preview.partition("They run with")
    rules = {code: info.rule() for code, info in load().rules.items()}

    assert set(re.findall(r"BN\d{3}", preview)) == {c for c, rule in rules.items() if rule.preview}
    named = set(re.findall(r"BN\d{3}", chosen)) | {"BN001", "BN002", "BN702", "BN703"}
    assert named == {code for code, rule in rules.items() if not rule.preview}


def table_of_settings() -> dict[str, tuple[str, str]]:
    rows = re.findall(r"^\| `([^`]+)` \|([^|]*)\| (.*) \|$", between("settings"), re.MULTILINE)
    return {key: (default.strip(" `"), meaning) for key, default, meaning in rows}


def test_table_of_settings_has_every_setting() -> None:
    rows = table_of_settings()

    assert set(rows) == set(settings._KINDS)
    for key, choices in (
        ("order", ORDERS),
        ("fail-on", SEVERITIES),
        ("output-format", FORMATS),
    ):
        assert set(choices) <= set(re.findall(r"`([^`]+)`", rows[key][1]))


@pytest.mark.parametrize("key", [key for key, row in table_of_settings().items() if row[0]])
def test_default_in_the_table_changes_nothing(key: str, tmp_path: Path) -> None:
    default, _ = table_of_settings()[key]
    written = settings.parse_toml(f"{key} = {default}", "the table")

    said = Settings([Layer(written, "the table", str(tmp_path))], str(tmp_path))

    unsaid = Settings([], str(tmp_path))
    assert selection.codes(said) == selection.codes(unsaid)
    assert selection.fixes(said).fixable == selection.fixes(unsaid).fixable
    for name in Settings.__slots__:
        if name not in ("selections", "fix_selections", "order_is_set", "exclude"):
            assert getattr(said, name) == getattr(unsaid, name), name


def test_excluded_folders_are_listed() -> None:
    _, _, listed = section("Settings").partition("Excluded unless `exclude` says otherwise:\n")

    assert set(re.findall(r"`([^`]+)`", listed)) == set(DEFAULT_EXCLUDE)


def test_settings_example_is_accepted(tmp_path: Path) -> None:
    tool = settings.parse_toml(blocks("toml", section("Settings"))[0], "the README")["tool"]
    assert isinstance(tool, dict)

    said = Settings([Layer(tool["bnlint"], "the README", str(tmp_path))], str(tmp_path))

    selection.check_per_file_ignores(said)
    assert said.order == "activation-first"


def test_outcomes_of_the_reading_are_explained() -> None:
    rows = re.findall(r"^\| ([a-z ]+) \| ", section("What it cannot see"), re.MULTILINE)

    assert [row for row in rows if row != "outcome"] == [outcome.value for outcome in Outcome]


@pytest.mark.parametrize("page", PAGES)
def test_options_exist(page: str) -> None:
    # Lines and code of other programs have options of their own.
    text = "\n".join(
        line
        for line in PAGES[page].splitlines()
        if not re.search(r"\b(?:pytest|pip|ruff|git|benchmarks\.\w+)\b", line)
    )
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*[a-z]", text))

    known = set(re.findall(r"--[a-z][a-z-]*[a-z]", bnlint("--help")))

    assert named <= known


@pytest.mark.parametrize("page", PAGES)
def test_commands_and_links_lead_somewhere(page: str) -> None:
    text = PAGES[page]

    for module in re.findall(r"python -m ((?:bnlint|benchmarks)[\w.]*)", text):
        path = ROOT.joinpath(*module.split("."))
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module
    for command in re.findall(r"(?<![\w/.])((?:\.ci|tools)/[\w-]+)(?!\.)\b", text):
        assert os.access(ROOT / command, os.X_OK), command
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target
    for path in re.findall(r"`((?:bnlint|rules|tests|benchmarks)/[\w/.-]*)`", text):
        assert (ROOT / path).exists(), path


def test_suppressions_are_accepted() -> None:
    lines = blocks("python", section("Suppressions"))[0].splitlines()
    head = (
        "from keras import Input, Model, layers\n"
        "def f():\n    x = inputs = Input((8,))\n    {}\n"
        "    x = layers.BatchNormalization()(x)\n    return Model(inputs, x)\n"
    )

    for line in lines[:3]:
        bare = line.partition("  #")[0]
        assert ": BN201" in bnlint("-", stdin=head.format(bare))
        assert bnlint("--quiet", "-", stdin=head.format(line)) == ""
    assert lines[3] == "# bnlint: file-ignore[BN301]"


def test_exit_status_is_explained() -> None:
    for status in (0, 1, 2):
        assert f"\n| {status} | " in section("Use")
    assert Severity.WARNING.name.lower() in section("Use")


def test_places_for_generated_text_are_there() -> None:
    assert "python -m benchmarks.speed" in section("Speed")
    between("speed")


def test_links_lead_to_sections_and_files() -> None:
    for title, page in PAGES.items():
        bare = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
        titles = re.findall(r"^#+ (.+)$", bare, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in titles}
        for target in re.findall(r"\]\(([^)\s]+)\)", bare):
            if target.startswith("#"):
                assert target[1:] in anchors, f"{title}: {target}"
            elif "://" not in target:
                path = (ROOT / title).parent / target.partition("#")[0]
                assert path.exists(), f"{title}: {target}"


@pytest.mark.parametrize("page", [page for page in PAGES if page != "README.md"])
def test_named_files_exist(page: str) -> None:
    names = {
        path.name for top in ("bnlint", "tests", "benchmarks") for path in (ROOT / top).rglob("*")
    }
    for name in re.findall(r"`([a-z_0-9]+\.py)`", PAGES[page]):
        assert name in names or name == "rule.py", f"{page} names {name}"


def test_what_the_code_cites_is_there() -> None:
    headings = {
        f"docs/{path.name}": re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
        for path in (ROOT / "docs").glob("*.md")
    }
    for path in [*(ROOT / "bnlint").rglob("*.py"), *(ROOT / "rules").rglob("*.py")]:
        text = " ".join(path.read_text("utf-8").split())
        for page, section in re.findall(r"([\w/]+\.md)`*, \"([^\"]+)\"", text):
            assert any(h.startswith(section) for h in headings.get(page, ())), (path, page, section)
        for page in re.findall(r"\bdocs/[\w-]+\.md|\bDESIGN\.md", text):
            assert (ROOT / page).exists(), (path, page)
