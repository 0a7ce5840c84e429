"""Costs, ratios and the tables made of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest

from benchmarks import speed
from benchmarks.inputs import Input, inputs
from benchmarks.measure import Cost, measure, median
from benchmarks.targets import Peak, Ratio, net_of_startup
from benchmarks.tools import Tool


def cost(cpu: float, peak: float = 10.0, status: int | None = 0) -> Cost:
    return Cost(cpu=cpu, wall=cpu, peak=peak, status=status)


def python_tool(name: str, code: str, **more: object) -> Tool:
    return Tool(name, code, (sys.executable, "-c", code), **more)  # type: ignore[arg-type]


def test_cpu_of_children_counts(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.4: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"

    taken = measure([sys.executable, "-c", parent], folder=tmp_path)

    assert taken.status == 0
    assert taken.cpu >= 0.4
    assert taken.wall >= 0.4


def test_exit_status_and_peak_memory_are_reported(tmp_path: Path) -> None:
    code = "x = b'x' * 100_000_000; raise SystemExit(3)"

    taken = measure([sys.executable, "-c", code], folder=tmp_path)

    assert taken.status == 3
    assert taken.peak > 90


def test_a_run_past_its_time_is_ended_and_said_so(tmp_path: Path) -> None:
    taken = measure(
        [sys.executable, "-c", "import time; time.sleep(60)"], folder=tmp_path, timeout=0.3
    )

    assert taken.status is None
    assert taken.wall < 30


def test_median_keeps_the_highest_peak_and_a_timeout() -> None:
    middle = median([cost(1, 30), cost(9, 20, None), cost(2, 10)])

    assert (middle.cpu, middle.peak, middle.status) == (2, 30, None)


def test_rounds_are_interleaved_and_slow_tools_run_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    note = f"import sys; open({str(log)!r}, 'a').write"
    quick = python_tool("quick", f"{note}('quick ')")
    slow = python_tool("slow", f"{note}('slow ')", slow=True)
    given = Input("one", "one", (tmp_path,))

    samples = speed.run([quick, slow], [given], 2, tmp_path, 60)

    assert log.read_text(encoding="utf-8").split() == ["quick", "slow", "quick"]
    assert len(samples["quick", "one"]) == 2
    assert len(samples["slow", "one"]) == 1


def test_warm_tool_runs_once_unmeasured(tmp_path: Path) -> None:
    log = tmp_path / "log"
    tool = python_tool("warm", f"open({str(log)!r}, 'a').write('x')", warm=True)

    samples = speed.run([tool], [Input("one", "one", (tmp_path,))], 2, tmp_path, 60)

    assert log.read_text(encoding="utf-8") == "xxx"
    assert len(samples["warm", "one"]) == 2


def test_marked_copies_hold_every_file_and_the_marker(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.py").write_text(f"{folder} = 1", encoding="utf-8")

    marked = Input("x", "x", (tmp_path / "a", tmp_path / "b" / "same.py")).marked("torch", tmp_path)

    texts = [file.read_text(encoding="utf-8") for file in marked.files()]
    assert texts == ["a = 1\n# torch\n", "b = 1\n# torch\n"]


def test_concatenated_inputs_are_fifty_times_one(tmp_path: Path) -> None:
    file = tmp_path / "keras-3.12.0" / "keras" / "src" / "applications" / "resnet.py"
    file.parent.mkdir(parents=True)
    file.write_text("x = 1\n", encoding="utf-8")

    made = {i.name: i for i in inputs(["concatenated"], [tmp_path / "keras-3.12.0"], tmp_path)}

    assert sorted(made) == ["resnetx1", "resnetx50", "scriptx1", "scriptx50"]
    one, fifty = (made[name].targets[0].read_bytes() for name in ("scriptx1", "scriptx50"))
    assert fifty == one * 50
    compile(one, "script.py", "exec")


def test_ratio_of_what_was_not_measured_is_nothing() -> None:
    ratio = Ratio("r", ("bnlint", "whole"), ("ruff", "whole"), 4)

    assert ratio.figure({("bnlint", "whole"): cost(3), ("ruff", "whole"): cost(2)}) == 1.5
    assert ratio.figure({("bnlint", "whole"): cost(3)}) is None
    timeout = cost(2, status=None)
    assert ratio.figure({("bnlint", "whole"): cost(3), ("ruff", "whole"): timeout}) is None


def test_peak_is_a_figure_of_its_own() -> None:
    peak = Peak("p", ("bnlint", "whole"), 300)

    assert peak.figure({("bnlint", "whole"): cost(1, 250)}) == 250
    assert peak.figure({}) is None


def test_start_up_is_taken_off_once_from_each() -> None:
    costs = {
        ("bnlint", "scriptx50"): cost(5.1),
        ("bnlint", "scriptx1"): cost(0.2),
        ("bnlint", "nothing"): cost(0.1),
    }

    assert net_of_startup(costs, "script") == pytest.approx(50)
    assert net_of_startup({}, "script") is None


def test_target_table_tells_met_missed_unmeasured_and_failed() -> None:
    costs = {
        ("bnlint", "nothing"): cost(0.03),
        ("flake8", "nothing"): cost(0.1),
        ("bnlint", "none"): cost(0.05),
        ("bnlint", "mention"): cost(1, status=2),
        ("fixit", "mention"): cost(80),
    }

    rows = speed.target_table(costs).splitlines()

    assert "| start-up / flake8's | 0.3 | x 0.4 | met |" in rows
    assert "| no-BatchNorm file / flake8's start-up | 0.5 | x 0.4 | **missed** |" in rows
    assert "| whole corpus, cold / ruff | - | x 4 | not measured |" in rows
    failed = next(row for row in rows if "fixit" in row)
    assert "failed, exit status 2" in failed


def test_input_table_has_a_row_for_each_tool_that_ran() -> None:
    measured = [python_tool(name, "pass") for name in ("bnlint", "ruff", "flake8", "pylint")]
    costs = {
        ("bnlint", "one"): cost(2),
        ("ruff", "one"): cost(1),
        ("flake8", "one"): cost(8, status=None),
    }

    rows = speed.input_table(Input("one", "a file", ()), measured, costs).splitlines()

    assert rows[0] == "### one: a file"
    assert rows[4] == "| bnlint | 2.000 | 2 | - | 1 | 2.000 | 10 | 0 |"
    assert rows[6].endswith("| timeout |")
    assert len(rows) == 7


def test_unknown_tool_is_refused_with_the_choices() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"no 'rof'; choose from ruff,flake8"):
        speed._choice(("ruff", "flake8"), "rof")

    assert speed._choice(("ruff", "flake8"), "flake8,ruff") == ["ruff", "flake8"]
