"""Reading files, here or in worker processes.

If a worker dies, only the file that it was reading is lost.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from bnlint.project.processes import budget, interrupts

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Job = TypeVar("Job")
Result = TypeVar("Result")

_BATCHES_OF_A_PROCESS = 12  # at the end, the other processes wait for the last batch
DIED = "the worker process died while reading it; is there enough memory?"


def available() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def run(
    work: Callable[[Job], Result],
    jobs: Sequence[Job],
    sizes: Sequence[int],
    processes: int,
    died: Callable[[Job], Result],
    done: Callable[[], None],
) -> list[Result]:
    """The results of ``work`` on each job, in the order of ``jobs``.

    Args:
        work: must not raise; a module-level function.
        jobs: neighbouring files, which have most in common, next to each other.
        sizes: how large each job is, in any unit.
        processes: how many; 1 works in this process.
        died: what to return for a job whose process died.
        done: called after each job.
    """
    if processes <= 1 or len(jobs) <= 1:
        results = []
        for job in jobs:
            results.append(work(job))
            done()
        return results
    found: dict[int, Result] = {}
    processes = min(processes, len(jobs))
    batches = _batches(jobs, sizes, processes * _BATCHES_OF_A_PROCESS)
    left = _in_pool(work, batches, processes, found, done)
    # A dead worker breaks its pool, and its job is not known: try the rest one by one.
    for index in sorted(left):
        if _in_pool(work, [[(index, jobs[index])]], 1, found, done):
            found[index] = died(jobs[index])
            done()
    return [found[index] for index in range(len(jobs))]


def _batches(jobs: Sequence[Job], sizes: Sequence[int], count: int) -> list[list[tuple[int, Job]]]:
    """Put neighbouring jobs together, in about ``count`` batches of about the same size.

    A worker that reads neighbouring files reads their common imports once.
    """
    batches: list[list[tuple[int, Job]]] = []
    room = 0.0
    for index, (job, size) in enumerate(zip(jobs, sizes, strict=True)):
        if room <= 0:
            batches.append([])
            room = sum(sizes) / count
        batches[-1].append((index, job))
        room -= max(size, 1)
    return batches


def _work_on(
    work: Callable[[Job], Result], batch: list[tuple[int, Job]]
) -> list[tuple[int, Result]]:
    return [(index, work(job)) for index, job in batch]


def _in_pool(
    work: Callable[[Job], Result],
    batches: list[list[tuple[int, Job]]],
    processes: int,
    found: dict[int, Result],
    done: Callable[[], None],
) -> set[int]:
    """Fill ``found``; return the jobs that were not done because a worker died."""
    from concurrent.futures import BrokenExecutor, as_completed

    pool = _pool(processes)
    left = {index for batch in batches for index, _ in batch}
    try:
        with interrupts.held_back():  # submitting starts the processes
            futures: list[Future[list[tuple[int, Result]]]] = [
                pool.submit(_work_on, work, batch) for batch in batches
            ]
        for future in as_completed(futures):
            for index, result in future.result():
                found[index] = result
                left.discard(index)
                done()
    except BrokenExecutor:
        _drop_unsent(pool)
        pool.shutdown(wait=True, cancel_futures=True)
    except BaseException:
        _drop_unsent(pool)
        pool.shutdown(wait=False, cancel_futures=True)
        _stop_workers()
        raise
    else:
        pool.shutdown()
    return left


def _pool(processes: int) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    methods = multiprocessing.get_all_start_methods()
    # A fork shares the imported modules; otherwise libcst alone takes 0.15 s in each worker.
    context = multiprocessing.get_context("fork" if "fork" in methods else None)
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)


def _begin() -> None:
    interrupts.end_quietly()
    budget.be_expendable()


def _drop_unsent(pool: ProcessPoolExecutor) -> None:
    """Let the pool end although no worker will receive the jobs that it still has to send.

    Before Python 3.11.5 its feeding thread waits for ever if jobs are larger than a pipe's buffer
    (https://github.com/python/cpython/issues/94777). Later versions do this by themselves.
    """
    if sys.version_info < (3, 11, 5):
        reader = getattr(getattr(pool, "_call_queue", None), "_reader", None)
        if reader is not None:
            reader.close()


def _stop_workers() -> None:
    import multiprocessing

    for process in multiprocessing.active_children():
        process.terminate()
