"""``pyproject.toml``, ``--config`` and selection."""

from __future__ import annotations

import pytest
from running import Bnlint, Words, Write

BAD = "'BatchNorm'\nx = BIAS, LOST, ORDER\n"


@pytest.fixture
def codes(bnlint: Bnlint, write: Write) -> Words:
    """The codes found in a file that has one of each."""
    write("a.py", BAD)

    def run(*arguments: str) -> list[str]:
        ran = bnlint(*arguments)
        assert ran.err == ""
        return [line.split()[1] for line in ran.lines]

    return run


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[tool.bnlint]\nselct = []", "unknown setting 'selct'; did you mean select?"),
        ("[tool.bnlint]\nselect = 'BN2'", "select must be a list of strings, not 'BN2'"),
        ("[tool.bnlint]\norder = 'bn-frist'", "order cannot be 'bn-frist'; did you mean bn-first?"),
        ("[tool.bnlint]\nforce-exclude = 1", "force-exclude must be true or false, not 1"),
        ("[tool.bnlint]\nselect = ['BN999']", "unknown rule 'BN999'"),
        ("[tool.bnlint]\nper-file-ignores = {'a' = 'BN2'}", "must be a table from a path pattern"),
        ("[tool.bnlint.per-file-ignores]\n'a.py' = ['XX1']", "unknown rule 'XX1'"),
        ("[tool]\nbnlint = 3", "[tool.bnlint] must be a table"),
        ("[tool.bnlint]\nmax-file-size = -1", "max-file-size must be a number of bytes, not -1"),
        ("[tool.bnlint]\nrules = ['nowhere']", "nowhere: rules cannot be listed"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line(
    bnlint: Bnlint, write: Write, toml: str, message: str
) -> None:
    write("pyproject.toml", toml)
    write("a.py", BAD)
    ran = bnlint()
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert message in ran.err


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        (b"[tool.bnlint]\nselect = [\n'a'", 3),
        (b"[project\nname = 1\n", 1),
        (b"[tool.bnlint]\n\nx = \xff", 3),
    ],
)
def test_a_broken_pyproject_names_file_and_line(
    bnlint: Bnlint, write: Write, toml: bytes, line: int
) -> None:
    write("pyproject.toml", toml)
    write("a.py", BAD)
    ran = bnlint()
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert ran.err.startswith(("bnlint: pyproject.toml:", f"bnlint: {ran.err.split()[1]}"))
    assert f"pyproject.toml:{line}: not" in ran.err


def test_isolated_looks_at_no_file(codes: Words, write: Write) -> None:
    write("pyproject.toml", "[tool.bnlint\n")
    assert codes("--isolated") == ["BN201", "BN101", "BN301"]


def test_the_nearest_file_with_a_section_holds_for_each_folder(
    bnlint: Bnlint, write: Write
) -> None:
    write("pyproject.toml", "[tool.bnlint]\nselect = ['BN201']\n")
    write("one/a.py", BAD)
    write("two/pyproject.toml", "[tool.bnlint]\nselect = ['BN101']\n")
    write("two/deep/a.py", BAD)
    write("three/pyproject.toml", "[project]\nname = 'x'\n")
    write("three/a.py", BAD)
    found = {line.split(":")[0]: line.split()[1] for line in bnlint().lines}
    assert found == {"one/a.py": "BN201", "three/a.py": "BN201", "two/deep/a.py": "BN101"}


def test_the_command_line_counts_more(codes: Words, write: Write) -> None:
    write("pyproject.toml", "[tool.bnlint]\nselect = ['BN201']\nignore = ['BN101']\n")
    assert codes() == ["BN201"]
    assert codes("--select", "BN101") == ["BN101"]
    assert codes("--extend-select", "BN301") == ["BN201", "BN301"]
    assert codes("--ignore", "BN201") == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["BN201", "BN101", "BN301"]),
        (["--select", "BN2"], ["BN201"]),
        (["--select", "BN2,BN301"], ["BN201", "BN301"]),
        (["--select", "BN2", "--select", "not-in-model"], ["BN201", "BN101"]),
        (["--ignore", "BN1,BN2"], ["BN301"]),
        (["--select", "ALL", "--ignore", "redundant-bias"], ["BN101", "BN301"]),
        (["--select", "BN201", "--ignore", "BN2"], ["BN201"]),
        (["--select", "BN2", "--ignore", "BN201"], []),
        (["--ignore", "ALL", "--extend-select", "BN2"], ["BN201"]),
    ],
)
def test_the_more_specific_selector_wins(
    codes: Words, arguments: list[str], expected: list[str]
) -> None:
    assert codes(*arguments) == expected


def test_per_file_ignores(bnlint: Bnlint, write: Write) -> None:
    write(
        "pyproject.toml",
        "[tool.bnlint.per-file-ignores]\n'tests/**' = ['BN2']\n'b_*.py' = ['ALL']\n",
    )
    for name in ("a.py", "tests/deep/a.py", "sub/b_1.py"):
        write(name, BAD)
    found = [(line.split(":")[0], line.split()[1]) for line in bnlint().lines]
    assert found == [
        ("a.py", "BN201"),
        ("a.py", "BN101"),
        ("a.py", "BN301"),
        ("tests/deep/a.py", "BN101"),
        ("tests/deep/a.py", "BN301"),
    ]


def test_config_takes_files_and_values(codes: Words, write: Write) -> None:
    write("mine.toml", "select = ['BN201']\n")
    write("other/pyproject.toml", "[tool.bnlint]\nselect = ['BN101']\n")
    assert codes("--config", "mine.toml") == ["BN201"]
    assert codes("--config", "other/pyproject.toml") == ["BN101"]
    assert codes("--config", "select = ['BN301']") == ["BN301"]
    assert codes("--config", "mine.toml", "--config", "extend-select=['BN301']") == [
        "BN201",
        "BN301",
    ]


def test_run_settings_come_from_the_target_where_the_folder_has_none(
    bnlint: Bnlint, write: Write
) -> None:
    write("sub/pyproject.toml", "[tool.bnlint]\nfail-on = 'error'\noutput-format = 'json'\n")
    write("sub/a.py", "'BatchNorm'\nx = BIAS\n")
    ran = bnlint("sub")
    assert ran.status == 0
    assert ran.out.startswith("[")


def test_a_broken_file_of_no_concern_elsewhere_is_left_alone(codes: Words, write: Write) -> None:
    write("templates/pyproject.toml", "[[[ {{ name }}\n")
    write("templates/b.py", "x = 1\n")
    assert codes() == ["BN201", "BN101", "BN301"]


RULE = '''
from bnlint.findings import Severity
from bnlint.rule import Rule

class Mine(Rule):
    """Nothing."""
    code = "{code}"
    name = "my-rule"
    summary = "Finds mine."
    severity = Severity.WARNING
    needles = (b"SpecialLayer",)
    def applies(self, layer, graph, options):
        return False
    def check(self, layer, graph, options):
        return iter(())
'''


def test_rules_of_the_user_are_rules_like_others(bnlint: Bnlint, write: Write) -> None:
    write("tools/rules/XY101-my-rule/rule.py", RULE.format(code="XY101"))
    write("tools/rules/XY101-my-rule/README.md", "# my-rule (XY101)\n")
    write("pyproject.toml", "[tool.bnlint]\nrules = ['tools/rules']\n")
    write("a.py", "SpecialLayer, BIAS\n")
    assert "XY101" in bnlint("--list-rules").out
    assert bnlint("--explain", "my-rule").out == "# my-rule (XY101)\n"
    assert bnlint("--select", "XY1").status == 0
    assert len(bnlint("a.py").lines) == 1, "a rule's own needles make a file a candidate"


def test_a_broken_rule_of_the_user_is_one_line(bnlint: Bnlint, write: Write) -> None:
    write("rules/XY101-my-rule/rule.py", "raise RuntimeError('oops')\n")
    write("pyproject.toml", "[tool.bnlint]\nrules = ['rules']\n")
    write("a.py", BAD)
    ran = bnlint()
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "RuntimeError: oops" in ran.err
