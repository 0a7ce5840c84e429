from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bnlint.findings import Severity
from bnlint.project.judging.rule_book import (
    RuleBook,
    RuleBookError,
    RuleInfo,
    UnknownRule,
    load,
    rule_table,
    rules_folder,
)
from bnlint.rule import Rule

RULE = """\
from bnlint.findings import Severity
from bnlint.rule import Rule


class {cls}(Rule):
    code = "{code}"
    name = "{name}"
    summary = "Something is wrong"
    severity = Severity.WARNING
"""


def add_rule(
    folder: Path, code: str = "XY101", name: str = "my-rule", source: str | None = None
) -> Path:
    own = folder / f"{code}-{name}"
    own.mkdir(parents=True)
    text = RULE.format(cls="Mine", code=code, name=name) if source is None else source
    (own / "rule.py").write_text(text, encoding="utf-8")
    (own / "README.md").write_text(f"# {name} ({code})\n", encoding="utf-8")
    return own


def test_built_in_rules_come_in_the_order_of_their_codes() -> None:
    book = load()

    assert list(book.rules) == sorted(book.rules)
    assert book.rules["BN201"].name == "redundant-bias"
    assert book.rules["BN201"].folder == rules_folder() / "BN201-redundant-bias"


def test_loading_imports_no_rule() -> None:
    code = (
        "import sys; from bnlint.project.judging.rule_book import load;"
        "load().select(['BN2', 'not-in-model']);"
        "bad = [m for m in sys.modules if m.startswith('bnlint_rule_') or m == 'bnlint.rule'];"
        "sys.exit(str(bad) if bad else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_rule_is_imported_when_it_is_asked_for() -> None:
    info = load().rules["BN001"]

    assert isinstance(info.rule(), Rule)
    assert info.rule() is info.rule()
    assert info.severity is Severity.ERROR
    assert info.summary
    assert info.page().startswith("# syntax-error (BN001)")


def test_file_of_a_rule_runs_once_for_any_number_of_books(tmp_path: Path) -> None:
    source = "import builtins\nbuiltins.runs = getattr(builtins, 'runs', 0) + 1\n"
    add_rule(tmp_path, source=source + RULE.format(cls="Mine", code="XY101", name="my-rule"))

    first = load([tmp_path]).rules["XY101"].rule()
    second = load([tmp_path]).rules["XY101"].rule()

    import builtins

    assert builtins.runs == 1  # type: ignore[attr-defined]
    assert type(first) is type(second)


def test_rules_of_a_user_stand_beside_the_built_in_ones(tmp_path: Path) -> None:
    own = add_rule(tmp_path)
    (tmp_path / "notes").mkdir()
    (tmp_path / "README.md").write_text("what these are", encoding="utf-8")

    book = load([tmp_path])

    assert {"BN201", "XY101"} <= set(book.rules)
    assert book.rules["XY101"].folder == own
    assert book.rules["XY101"].summary == "Something is wrong"


def test_two_rules_may_have_files_of_the_same_name(tmp_path: Path) -> None:
    add_rule(tmp_path, "XY101", "one")
    add_rule(tmp_path, "XY102", "two")

    book = load([tmp_path])

    assert book.rules["XY101"].rule().name == "one"
    assert book.rules["XY102"].rule().name == "two"


@pytest.mark.parametrize(
    "line",
    [
        "from bnlint.axes import rank",
        "from bnlint.events import Model",
        "import bnlint.training",
        "from bnlint import passages",
        "from bnlint.graph import Layer; from bnlint.queries import calls_of",
    ],
)
def test_a_users_rule_may_import_from_where_modules_lay_once(tmp_path: Path, line: str) -> None:
    folder = add_rule(tmp_path)
    rule = folder / "rule.py"
    rule.write_text(f"{line}\n{rule.read_text('utf-8')}", "utf-8")

    assert load([tmp_path]).rules["XY101"].rule().code == "XY101"


@pytest.mark.parametrize(
    ("selector", "codes"),
    [
        ("BN201", {"BN201"}),
        ("redundant-bias", {"BN201"}),
        ("BN4", {"BN401", "BN402"}),
        ("BN40", {"BN401", "BN402"}),
    ],
)
def test_selector_names_rules(selector: str, codes: set[str]) -> None:
    assert load().select([selector]) == codes


def test_all_and_the_letters_name_every_rule() -> None:
    book = load()

    assert book.select(["ALL"]) == set(book.rules) == book.select(["BN"])
    assert book.select([]) == frozenset()
    assert book.select(["BN101", "axis-mismatch"]) == {"BN101", "BN402"}


@pytest.mark.parametrize(
    ("selector", "suggestion"),
    [
        ("bn201", "BN201"),
        ("BN441", "BN401"),
        ("redundant-bais", "redundant-bias"),
        ("redundant_bias", "redundant-bias"),
        ("all", "ALL"),
        ("BNN", "BN"),
        ("wholly-different", None),
        ("", None),
    ],
)
def test_unknown_selector_is_answered_with_the_nearest(
    selector: str, suggestion: str | None
) -> None:
    with pytest.raises(UnknownRule) as caught:
        load().select([selector])

    assert caught.value.suggestion == suggestion
    assert repr(selector) in str(caught.value)


def test_letters_are_not_cut_short() -> None:
    with pytest.raises(UnknownRule):
        load().select(["B"])


def one_line(error: RuleBookError) -> str:
    assert "\n" not in str(error)
    return str(error)


def test_code_of_a_built_in_rule_is_taken(tmp_path: Path) -> None:
    add_rule(tmp_path, "BN201", "other")

    with pytest.raises(RuleBookError) as caught:
        load([tmp_path])

    assert "BN201 is already the rule in" in one_line(caught.value)


def test_name_of_a_built_in_rule_is_taken(tmp_path: Path) -> None:
    add_rule(tmp_path, "XY101", "redundant-bias")

    with pytest.raises(RuleBookError, match="redundant-bias is already the rule in"):
        load([tmp_path])


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleBookError) as caught:
        load([tmp_path / "nowhere"])

    assert "nowhere: rules cannot be listed: No such file" in one_line(caught.value)


def test_folder_with_a_rule_and_a_wrong_name_is_reported(tmp_path: Path) -> None:
    (tmp_path / "my_rule").mkdir()
    (tmp_path / "my_rule" / "rule.py").write_text(RULE, encoding="utf-8")

    with pytest.raises(RuleBookError, match="CODE-name"):
        load([tmp_path])


BROKEN = {
    "raises": ("raise ValueError('first\\nsecond')", "ValueError: first second"),
    "exits": ("raise SystemExit(3)", "SystemExit: 3"),
    "does not parse": ("def", "SyntaxError"),
    "has no class": ("x = 1", "found none"),
    "has two classes": (
        RULE.format(cls="A", code="XY101", name="my-rule")
        + RULE.format(cls="B", code="XY101", name="my-rule"),
        "found A, B",
    ),
    "another code": (
        RULE.format(cls="A", code="XY102", name="my-rule"),
        "the folder says code 'XY101', the class says 'XY102'",
    ),
    "another name": (
        RULE.format(cls="A", code="XY101", name="our-rule"),
        "the folder says name 'my-rule', the class says 'our-rule'",
    ),
    "no summary": (
        RULE.format(cls="A", code="XY101", name="my-rule").replace("summary", "summery"),
        "A lacks summary",
    ),
    "cannot be made": (
        RULE.format(cls="A", code="XY101", name="my-rule")
        + "    def __init__(self, x):\n        pass\n",
        "TypeError",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_rule_is_one_line(tmp_path: Path, kind: str) -> None:
    source, message = BROKEN[kind]
    own = add_rule(tmp_path, source=source)
    info = load([tmp_path]).rules["XY101"]

    with pytest.raises(RuleBookError) as caught:
        info.rule()

    assert message in one_line(caught.value)
    assert one_line(caught.value).startswith(f"{own / 'rule.py'}: ")


def test_rule_without_a_file_or_a_page_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "XY101-my-rule").mkdir()
    info = load([tmp_path]).rules["XY101"]

    with pytest.raises(RuleBookError, match=r"rule\.py: no such file"):
        info.rule()
    with pytest.raises(RuleBookError, match=r"README\.md: the rule's page cannot be read"):
        info.page()


def test_broken_rule_may_be_mended_and_loaded_again(tmp_path: Path) -> None:
    own = add_rule(tmp_path, source="raise ValueError")
    with pytest.raises(RuleBookError):
        load([tmp_path]).rules["XY101"].rule()
    (own / "rule.py").write_text(
        RULE.format(cls="Mended", code="XY101", name="my-rule"), encoding="utf-8"
    )

    assert load([tmp_path]).rules["XY101"].rule().code == "XY101"


def test_table_has_one_row_for_each_rule(tmp_path: Path) -> None:
    own = add_rule(tmp_path)
    book = RuleBook({"XY101": RuleInfo("XY101", "my-rule", own)})

    assert rule_table(book).splitlines()[2:] == [
        "| [XY101](rules/XY101-my-rule/README.md) | my-rule | Something is wrong | warning |"
    ]


def test_rules_travel_inside_a_wheel(tmp_path: Path) -> None:
    """The layout that the wheel has: the package with ``rules`` inside it, no checkout around."""
    package = Path(sys.modules["bnlint"].__file__ or "").parent
    archive = tmp_path / "bnlint.whl"
    with zipfile.ZipFile(archive, "w") as wheel:
        for file in package.rglob("*.py"):
            wheel.write(file, Path("bnlint") / file.relative_to(package))
        for file in rules_folder().rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                wheel.write(file, Path("bnlint/rules") / file.relative_to(rules_folder()))
    site = tmp_path / "site"
    with zipfile.ZipFile(archive) as wheel:
        wheel.extractall(site)

    code = "from bnlint.project.judging.rule_book import load;"
    code += "print(load().rules['BN001'].rule().name)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(site)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "syntax-error\n"


def test_preview_is_known_without_importing_the_rule(tmp_path: Path) -> None:
    source = RULE.format(cls="Mine", code="XY101", name="my-rule") + "    preview = True\n"
    add_rule(tmp_path, source=source)
    add_rule(tmp_path, "XY102", "settled")

    book = load([tmp_path])

    assert book.rules["XY101"].is_preview
    assert not book.rules["XY102"].is_preview


def test_preview_of_a_class_is_what_its_text_says() -> None:
    for info in load().rules.values():
        assert info.is_preview == info.rule().preview, info.code
        assert info.is_preview == ("This rule is in preview" in info.page()), info.code
