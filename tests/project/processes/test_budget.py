"""What one file may cost, and that it costs no other file anything."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile import BAD, Plant

from bnlint.project import read_files
from bnlint.project.judging import file_check
from bnlint.project.judging.file_check import FileResult
from bnlint.project.processes import budget

needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="has no such timer")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    import bnlint

    bnlint.lint_source(BAD)  # what is imported first is not the first file's to pay
    monkeypatch.setattr(budget, "SECONDS", 0.5)


def spin() -> None:
    while True:
        pass


def spin_in_a_hurry() -> None:
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.001, 0.001)
    spin()


@needs_timer
@pytest.mark.usefixtures("hurried")
def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(budget.Exceeded), budget.limited(1):
        spin()
    assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0


@needs_timer
@pytest.mark.usefixtures("hurried")
def test_it_is_said_again_where_it_was_not_heard() -> None:
    def deaf() -> None:
        try:
            spin()
        except BaseException:  # noqa: BLE001
            spin()

    with pytest.raises(budget.Exceeded), budget.limited(1):
        deaf()


@needs_timer
@pytest.mark.usefixtures("hurried")
def test_what_comes_behind_the_limited_block_is_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_AGAIN", 0.001)

    for _ in range(20):
        with pytest.raises(budget.Exceeded), budget.limited(1):
            spin_in_a_hurry()
    with budget.limited(1):
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.001, 0.001)
        for _ in range(1_000_000):  # here, not in a function that the block calls
            pass

    assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0
    assert signal.getsignal(signal.SIGVTALRM) == signal.SIG_DFL


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="tells no CPU time of threads")
@pytest.mark.usefixtures("hurried")
def test_in_a_thread_too() -> None:
    raised: list[str] = []

    def work() -> None:
        try:
            with budget.limited(1):
                spin()
        except budget.Exceeded:
            raised.append("exceeded")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert raised == ["exceeded"]
    assert not any(t.name == "bnlint-budget" for t in threading.enumerate())


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="tells no memory")
def test_what_wants_too_much_memory_is_given_up() -> None:
    if threading.active_count() > 1:
        pytest.skip("somebody else's thread runs beside")
    with pytest.raises(MemoryError), budget.limited(1):
        bytearray(3_000_000_000)
    bytearray(1000)


def check(hurts: Callable[[], object]) -> Callable[..., FileResult]:
    real = file_check.check_file

    def check_file(name: str, data: bytes, *rest: object, **more: object) -> FileResult:
        if name.startswith("hurts"):
            hurts()
        return real(name, data, *rest, **more)  # type: ignore[arg-type]

    return check_file


def fail() -> None:
    raise MemoryError


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hang_in_c() -> None:
    signal.signal(signal.SIGVTALRM, signal.SIG_IGN)  # as where no exception leads out
    spin()


@needs_timer
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("hurts", "says"),
    [
        (spin, "took longer than"),
        (lambda: bytearray(3_000_000_000), "wants too much memory"),
        (kill, "died"),
        (hang_in_c, "died"),
    ],
    ids=["time", "memory", "death", "hang"],
)
@pytest.mark.usefixtures("hurried")
def test_one_file_costs_no_other_its_findings(
    plant: Plant,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    hurts: Callable[[], object],
    says: str,
    jobs: int,
) -> None:
    import bnlint

    if jobs == 1 and says == "died":
        pytest.skip("there is no other process")
    if says == "wants too much memory" and (jobs == 1 and threading.active_count() > 1):
        pytest.skip("somebody else's thread runs beside")
    monkeypatch.setattr(file_check, "check_file", check(hurts))
    monkeypatch.setattr(read_files, "_WORTH_PROCESSES", 0)
    monkeypatch.chdir(repository)
    for name in ("a.py", "hurts.py", "z.py"):
        plant(name, BAD)

    report = bnlint.lint(["."], jobs=jobs)

    assert [f.location.filename for f in report.findings] == ["a.py", "z.py"]
    (failure,) = report.failures
    assert failure.filename == "hurts.py"
    assert says in failure.message
    assert report.exit_status() == 2
    if says != "died":
        (site,) = (s for s in report.sites if s.location.filename == "hurts.py")
        assert site.outcome is bnlint.Outcome.CUT
        assert site.location.line == 5


def test_what_was_cut_is_not_kept(
    plant: Plant, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import bnlint

    plant("hurts.py", BAD)
    monkeypatch.chdir(repository)
    with monkeypatch.context() as patch:
        patch.setattr(file_check, "check_file", check(fail))
        assert bnlint.lint(["."], cache=True).exit_status() == 2
    assert [f.code for f in bnlint.lint(["."], cache=True).findings] == ["BN201"]
