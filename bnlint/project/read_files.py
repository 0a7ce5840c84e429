"""Reads the files that passed the funnel: from the cache, here, or in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from bnlint.findings import Failure
from bnlint.project.cache import Cache, digest
from bnlint.project.files.targets import SourceFile
from bnlint.project.judging import file_check, selection
from bnlint.project.judging.file_check import FileResult
from bnlint.project.processes import budget, workers
from bnlint.readers.source.locating import ALONE, Standing
from bnlint.rule import Options, options_of
from bnlint.settings import Settings
from bnlint.settings.reach import regular_files

if TYPE_CHECKING:
    from bnlint.project.candidates import Scan

# For fewer bytes than this, a pool of processes costs more than it saves.
_WORTH_PROCESSES = 400_000
_MODEL_DIED = "the process that read it died or took too long; the file may be damaged"


class Job(NamedTuple):
    """One file to be read; this is sent to a worker."""

    name: str
    path: str
    data: bytes | None
    options: Options
    codes: frozenset[str]
    rules: tuple[str, ...]
    debug: bool
    limit: int
    standing: Standing = ALONE


class Answer(NamedTuple):
    """The result of a job; a worker sends this back.

    Attributes:
        result: the reader's answer; ``None`` where it failed.
        digest: of the bytes that were read.
        error: why it failed; with an answer: which weights of a model could not be judged.
    """

    result: FileResult | None
    digest: str = ""
    error: str = ""


def read_all(
    scans: Iterable[Scan],
    cache: Cache,
    *,
    jobs: int | None,
    debug: bool,
    progress: Callable[[int, int], None] | None,
    goes_on: bool = False,
) -> tuple[list[FileResult], list[Failure]]:
    """The reader's answers, in the order of ``scans``, and the files without an answer.

    Args:
        scans: the files.
        cache: what earlier runs found.
        jobs: worker processes; as many as there are processors where ``None``.
        debug: put tracebacks into the failures.
        progress: called with the files done and all files to be read.
        goes_on: no file has changed since the last call.
    """
    if not goes_on:
        file_check.start_run()
    found: dict[str, FileResult] = {}
    failures: list[Failure] = []
    left: list[tuple[Scan, Job]] = []
    asked: dict[Settings, tuple[Options, frozenset[str]]] = {}
    scans = list(scans)
    for scan in scans:
        settings = scan.file.settings
        result = cache.result(scan.entry, scan.file.name) if scan.entry.result else None
        if result is not None:
            found[scan.file.name] = result
            continue
        if settings not in asked:
            options = options_of(settings)
            asked[settings] = (options, selection.codes(settings))
        left.append((scan, _job(scan, *asked[settings], debug=debug)))
    answers = _answers(left, jobs or workers.available(), len(scans), progress)
    for (scan, job), answer in zip(left, answers, strict=True):
        if answer.result is None:
            failures.append(Failure(job.name, answer.error))
            continue
        found[job.name] = answer.result
        if answer.error:
            failures.append(Failure(job.name, answer.error))
            continue
        scan.entry.digest = answer.digest
        if scan.file.data is None and (kept := cache.encoded(answer.result)):
            scan.entry.result = kept
            cache.put(scan.place, scan.entry)
    return [found[scan.file.name] for scan in scans if scan.file.name in found], failures


def read_models(
    files: Iterable[SourceFile], *, debug: bool
) -> tuple[list[FileResult], list[Failure]]:
    """What the rules find in saved models, and the files that can't be read.

    Files that need libhdf5 are read in a separate process: it is C, and the file is not trusted.
    """
    from bnlint.project.processes import isolation
    from bnlint.readers.model.saved.saved import asks_libhdf5

    results: list[FileResult] = []
    failures: list[Failure] = []
    for file in files:
        settings = file.settings
        options = options_of(settings)
        codes = selection.codes(settings)
        job = Job(file.name, file.path, None, options, codes, settings.rules, debug, file.limit)
        if asks_libhdf5(file.path, for_weights=file_check.reads_weights(codes, settings.rules)):
            answer = isolation.run(_answer_for_model, job, Answer(None, error=_MODEL_DIED))
        else:
            answer = _answer_for_model(job)
        if answer.result is None:
            failures.append(Failure(file.name, answer.error))
            continue
        results.append(answer.result)
        if answer.error:
            failures.append(Failure(file.name, answer.error))
    return results, failures


def _answer_for_model(job: Job) -> Answer:
    """Read one saved model."""
    from bnlint.readers.model.errors import ModelError
    from bnlint.readers.model.saved.saved import read_saved

    try:
        with read_saved(job.path, job.name) as model:
            result = file_check.check_graph(
                job.name,
                model.graph,
                job.options._replace(known_target=job.options.target or model.target),
                job.codes,
                rule_folders=job.rules,
                models=model.models,
            )
            return Answer(result, error=model.trouble)
    except ModelError as error:
        return Answer(None, error=str(error))
    except OSError as error:
        return Answer(None, error=f"cannot be read: {error.strerror or error}")
    except MemoryError:
        return Answer(None, error="needs more memory than any model's description should")
    except RecursionError:
        return Answer(None, error="is nested too deeply to be read")
    except Exception as error:  # noqa: BLE001  a bug of ours, or of a user's own rule
        return Answer(None, error=_internal(error, debug=job.debug))


def _job(scan: Scan, options: Options, codes: frozenset[str], *, debug: bool) -> Job:
    file = scan.file
    rules = file.settings.rules
    limit = file.limit
    return Job(file.name, file.path, scan.data, options, codes, rules, debug, limit, scan.standing)


def _answers(
    left: list[tuple[Scan, Job]],
    jobs: int,
    total: int,
    progress: Callable[[int, int], None] | None,
) -> list[Answer]:
    if not left:
        return []
    sizes = [len(job.data) if job.data is not None else scan.entry.size for scan, job in left]
    processes = jobs if sum(sizes) >= _WORTH_PROCESSES else 1
    if processes > 1:
        _prepare({scan.file.settings for scan, _ in left})
    # Neighbouring files import the same modules, which stay in memory for a while.
    order = sorted(range(len(left)), key=lambda index: left[index][1].path)
    done = total - len(left)

    def count() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    work = [left[i][1] for i in order]
    answers = workers.run(_answer, work, [sizes[i] for i in order], processes, _died, count)
    return [answer for _, answer in sorted(zip(order, answers, strict=True), key=lambda p: p[0])]


def _prepare(all_settings: Iterable[Settings]) -> None:
    """Before the workers are forked, import what all of them need."""
    import libcst  # noqa: F401

    import bnlint.readers.source.worlds.reader  # noqa: F401

    for settings in all_settings:
        rules = selection.book(settings).rules
        for code in selection.codes(settings):
            rules[code].rule()


def _answer(job: Job) -> Answer:
    """Read one file. An error affects only this file."""
    data = job.data
    try:
        if data is None:
            data = regular_files.read(job.path, job.limit)
        with budget.limited(len(data)):
            result = file_check.check_file(
                job.name,
                data,
                job.options,
                job.codes,
                rule_folders=job.rules,
                standing=job.standing,
            )
        return Answer(result, digest(data))
    except budget.Exceeded:
        return _cut(
            job, data, f"took longer than {budget.seconds_for(len(data or b'')):g} s of CPU"
        )
    except MemoryError:
        return _cut(job, data, "wants too much memory")
    except OSError as error:
        return Answer(None, error=f"cannot be read: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001  a bug of ours, or of a user's own rule
        return Answer(None, error=_internal(error, debug=job.debug))


def _cut(job: Job, data: bytes | None, why: str) -> Answer:
    """The answer for a file whose reading was stopped: only the sites in its text."""
    import gc

    from bnlint.readers.source.worlds.sites import cut_sites

    file_check.start_run()  # its modules may be only half read
    gc.collect()
    sites = cut_sites(job.name, data or b"")
    result = file_check.FileResult(job.name, sites=sites, read=True)
    return Answer(result, error=f"{why}, so its reading was cut")


def _died(job: Job) -> Answer:  # noqa: ARG001  one answer for all
    return Answer(None, error=workers.DIED)


def _internal(error: Exception, *, debug: bool) -> str:
    said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    if not debug:
        return f"internal error: {said}; please report it (--debug shows where)"
    import traceback

    return f"internal error: {said}\n{''.join(traceback.format_exception(error)).rstrip()}"
