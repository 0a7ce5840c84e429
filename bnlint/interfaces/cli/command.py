"""The command line.

Start-up time matters: an editor runs this at every keystroke. Modules that only some runs need
are imported only there.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import contextmanager

from bnlint.interfaces.cli.options import parsed
from bnlint.interfaces.cli.streams import (
    complain,
    complain_of,
    let_streams_escape,
    write,
)
from bnlint.settings import DRAWINGS, SettingsError, SettingsFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bnlint.findings import Report
    from bnlint.interfaces.cli.progress import ProgressBar
    from bnlint.project.built_models import BuiltModels
    from bnlint.project.cache import Cache
    from bnlint.project.files.source_lines import Texts
    from bnlint.project.fix_rounds import Fixed
    from bnlint.project.pipeline import Survey
    from bnlint.reporters.drawing.picture import Picture
    from bnlint.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run bnlint; returns the exit status.

    0: nothing at or above ``--fail-on``; 1: findings; 2: something could not be done.

    Raises:
        KeyboardInterrupt: the user pressed Ctrl-C.
    """
    debug = "--debug" in (sys.argv[1:] if arguments is None else arguments)
    try:
        let_streams_escape()
        options = parsed(arguments)
        return _run(options)
    except SystemExit as error:  # argparse
        return error.code if isinstance(error.code, int) else 2
    except SettingsError as error:
        if debug:
            raise
        complain(str(error))
    except OSError as error:
        if debug:
            raise
        where = f"{error.filename}: " if error.filename else ""
        complain(f"{where}{error.strerror or error}")
    except Exception as error:  # the last resort: the user gets one line
        if debug:
            raise
        said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        complain(f"internal error: {said}; please report it (--debug shows where)")
    return 2


def _run(options: argparse.Namespace) -> int:
    if options.stdio and not options.lsp:
        raise SettingsError("--stdio goes with --lsp")
    if options.lsp:
        if options.targets:
            raise SettingsError("--lsp takes no targets: the editor says what is open")
        from bnlint.interfaces.server.start import serve

        return serve(debug=options.debug)
    if options.init or options.pre_commit:
        return _init(options)
    if options.fold is not None:
        return _fold(options)
    if any(each is not None for each in (options.gap, options.recalibrate, options.fuse)):
        from bnlint.interfaces.cli import trained

        return trained.run(options)
    finder = SettingsFinder(
        _flags(options),
        options.config,
        isolated=options.isolated,
        runs_rules=options.rules and not options.show_files,
        allows_outside=options.allow_outside,
    )
    targets, reads_stdin = _targets(options)
    settings = finder.for_run([os.path.abspath(target) for target in targets])
    # The options from here on can also be set in a settings file.
    options.fix = (settings.fix or settings.fix_only) and options.fix is not False
    options.unsafe_fixes = settings.unsafe_fixes
    if options.show_settings or options.clean:
        from bnlint.interfaces.cli import upkeep

        done = upkeep.clean(settings) if options.clean else upkeep.shown(settings)
        write([] if options.silent else done, options.output_file)
        return 0
    if options.list_rules or options.explain is not None:
        from bnlint.interfaces.cli import rule_pages

        colour = _colour(options)
        if options.list_rules:
            as_json = settings.output_format in ("json", "json-lines")
            write(rule_pages.listed(settings, as_json=as_json), options.output_file)
        else:
            write([rule_pages.page(settings, options.explain, colour=colour)], options.output_file)
        return 0
    if settings.selections or settings.per_file_ignores or settings.fix_selections:
        from bnlint.project.judging import selection

        selection.check(settings)

    from bnlint.project.cache import Cache
    from bnlint.project.pipeline import survey

    enabled = not options.no_cache and not reads_stdin
    cache = Cache(settings.cache_dir, enabled=enabled and "cache-dir" not in settings.outside)
    found = (
        _stdin_survey(options, finder)
        if reads_stdin
        else survey(finder, targets, cache, only_named=options.only_named)
    )
    found.heeds_comments = not options.ignore_noqa
    if not (options.quiet or options.silent):
        _tell_what_is_left(options, finder, settings)
    if options.show_files:
        from bnlint.reporters.terminal import printable

        write((f"{printable(file.name)}\n" for file in found.files), options.output_file)
        complain_of(found.failures)
        return 2 if found.failures else 0
    output_format = settings.output_format or _default_format(options)
    is_text = output_format in ("full", "concise") and not options.statistics
    if not options.write_baseline:
        found.heed_baseline(settings)
    about_today = options.write_baseline or found.baseline is not None
    if found.is_empty and is_text and not options.besides and not about_today:
        from bnlint.reporters.summary import nothing_found

        cache.save()
        silent = options.quiet or options.silent or options.diff
        if options.fix and reads_stdin:
            from bnlint.interfaces.cli import fixing

            fixing.write_source(found)
            silent = True
        write([] if silent else [nothing_found(len(found.files))], options.output_file)
        return 0
    return _report(options, finder, settings, found, cache, output_format, reads_stdin=reads_stdin)


def _tell_what_is_left(
    options: argparse.Namespace, finder: SettingsFinder, settings: Settings
) -> None:
    """Report requests of the settings that have no effect."""
    if options.rules and not options.show_files:
        for source in finder.idle_rules:
            complain(
                f"{source}: its `rules` are code, which runs from the settings of the current"
                f" project alone; --config {source} runs it"
            )
    if "cache-dir" in settings.outside and not options.no_cache:
        complain(
            f"{settings.cache_dir}: the cache would lie outside of the project, so there is none;"
            " --cache-dir or --allow-outside allows it"
        )


def _init(options: argparse.Namespace) -> int:
    from bnlint.interfaces.cli.init import init

    if not options.init:
        raise SettingsError("--pre-commit goes with --init")
    if len(options.targets) > 1:
        raise SettingsError("--init takes one folder, the project's")
    folder = options.targets[0] if options.targets else os.curdir
    done = init(folder, pre_commit=options.pre_commit)
    write([] if options.quiet or options.silent else [f"{line}\n" for line in done], None)
    return 0


def _fold(options: argparse.Namespace) -> int:
    from bnlint.project.folded_models import fold_file
    from bnlint.readers.model.errors import ModelError

    if options.targets:
        raise SettingsError("--fold takes one saved model and nothing else to read")
    if options.output_file is None or options.besides:
        raise SettingsError("--fold needs one file to write to: --fold in.keras -o out.keras")
    try:
        lines, written = fold_file(options.fold, options.output_file)
    except ModelError as error:
        if options.debug:
            raise
        complain(f"{options.fold}: {error}")
        return 2
    if not written:
        complain_of((options.fold, line) for line in lines)
        return 2
    if not (options.quiet or options.silent):
        from bnlint.reporters.terminal import printable

        write((f"{printable(options.fold)}: {printable(line)}\n" for line in lines), None)
    return 0


def _report(
    options: argparse.Namespace,
    finder: SettingsFinder,
    settings: Settings,
    found: Survey,
    cache: Cache,
    output_format: str,
    *,
    reads_stdin: bool,
) -> int:
    """Read the files that the survey left, and print the report."""
    from bnlint.findings import Severity
    from bnlint.project.files.source_lines import Texts

    fixes = options.fix or options.diff
    report, fixed = _fix(options, found, cache) if fixes else (None, None)
    if report is None:
        # The output does not show what is fixable: this avoids loading LibCST.
        unseen = options.silent or (options.quiet and output_format == "concise")
        report = _read(options, found, cache, fixes=bool(options.besides) or not unseen)
    cache.save()
    failures = list(report.failures)
    stream = sys.stdout
    if fixed is not None:
        from bnlint.interfaces.cli import fixing

        if options.diff:
            write(fixing.diff(fixed), options.output_file, output_format="diff")
            complain_of((failure.filename, failure.message) for failure in failures)
            if not (options.quiet or options.silent) and sys.stderr is not None:
                sys.stderr.write(f"{fixing.would_fix(fixed)}\n")
            return 2 if failures else int(bool(fixed.files))
        if reads_stdin:
            fixing.write_source(found)
            stream = sys.stderr  # the source takes the place of the findings
        else:
            failures += fixing.write(found, fixed)
            report = fixed.report
    built = None
    if found.callables:
        from bnlint.project.pipeline import with_built

        # After fixes: the models are built from the current content of the files.
        built = _built(options, finder, found)
        everything = report.saying((*report.findings, *found.known))
        report = with_built(everything, built)
        if found.baseline is not None:
            new, found.known = found.baseline.parted(report.findings, Texts(found.buffers()))
            report = report.saying(tuple(new))
        failures += built.failures
    if options.prove:
        if not (found.models or found.callables):
            raise SettingsError(
                "--prove measures models: name a saved one, or package.module:callable"
            )
        from bnlint.project.proved_models import with_proof

        report, failed = with_proof(report, found.models)
        failures += failed
    texts = Texts(found.buffers())
    if options.add_noqa is not None or options.write_baseline:
        return _silence(options, settings, found, report, texts)
    if found.baseline is not None:
        names = [file.name for file in found.files]
        for entry in found.baseline.stale(found.known, texts, names):
            complain(f"stale in {found.baseline.name}: {entry}")
    repaired = None if fixed is None else fixed.count
    if fixed is not None and settings.fix_only:
        report = report.saying(())

    def rendered(name: str, path: str | None) -> Iterable[str]:
        if name in DRAWINGS:
            return _drawn(options, found, built, report, name)
        from bnlint.project.judging import selection
        from bnlint.reporters import render
        from bnlint.reporters.terminal import columns, painter
        from bnlint.reporters.view import View

        view = View(
            texts,
            painter(colour=path is None and _colour(options)),
            columns() if name == "full" else 100,
            summary=not options.quiet,
            unsafe_fixes=options.unsafe_fixes,
            fixed=repaired,
            book=lambda: selection.book(settings),
            pictures=lambda: _pictures(found, built, report),
        )
        return render(name, report, view, statistics=options.statistics and path is None)

    for name, path in options.besides:
        write(rendered(name, path), path)
    if fixed is not None and settings.show_fixes and not options.silent:
        from bnlint.interfaces.cli import fixing
        from bnlint.project.judging import selection

        rules = selection.book(settings).rules
        write(
            fixing.shown(fixed, {code: rule.name for code, rule in rules.items()}),
            None,
            sys.stderr,
        )
    if not options.silent:
        name = "" if options.statistics else output_format
        write(rendered(output_format, None), options.output_file, stream, output_format=name)
    complain_of((failure.filename, failure.message) for failure in failures)
    status = 2 if failures else report.exit_status(Severity.from_name(settings.fail_on))
    if status == 1 and options.exit_zero:
        status = 0
    return 1 if status == 0 and repaired and options.exit_non_zero_on_fix else status


def _silence(
    options: argparse.Namespace, settings: Settings, found: Survey, report: Report, texts: Texts
) -> int:
    """Suppress the current findings: by comments, or by a baseline."""
    failures = list(report.failures)
    if options.write_baseline:
        from bnlint.project.suppression.baseline import DEFAULT, Baseline
        from bnlint.reporters.summary import plural

        settings.check_baseline()
        path = settings.baseline or os.path.join(settings.root, DEFAULT)
        baseline = Baseline.of(path, report.findings, texts)
        baseline.write()
        said = f"Wrote {plural(len(baseline), 'finding')} to {baseline.name}."
        said += "\n" if settings.baseline else " Name it as `baseline` in [tool.bnlint].\n"
    else:
        from bnlint.interfaces.cli.add_noqa import add_noqa

        said, more = add_noqa(found, report.findings, options.add_noqa)
        failures += more
    if not (options.quiet or options.silent):
        write([said], None)
    complain_of((failure.filename, failure.message) for failure in failures)
    return 2 if failures else 0


def _drawn(
    options: argparse.Namespace,
    found: Survey,
    built: BuiltModels | None,
    report: Report,
    output_format: str,
) -> list[str]:
    """The pictures of all models that were read."""
    from bnlint.reporters import draw
    from bnlint.reporters.drawing.layout import DrawingError

    if options.statistics:
        raise SettingsError(f"--statistics are counts; {output_format} draws the models")
    pictures = _pictures(found, built, report)
    if not pictures and not report.failures:
        complain("nothing to draw: no model with BatchNormalization was found")
    try:
        return [draw(output_format, pictures)]
    except DrawingError as error:
        raise SettingsError(str(error)) from None


def _pictures(found: Survey, built: BuiltModels | None, report: Report) -> list[Picture]:
    from bnlint.project.drawing_of_run import pictures_of

    return pictures_of(found, {} if built is None else built.graphs, report)


def _read(options: argparse.Namespace, found: Survey, cache: Cache, *, fixes: bool) -> Report:
    with _progress(options) as bar:
        return found.report(
            cache, jobs=options.jobs, debug=options.debug, progress=bar, fixes=fixes
        )


def _fix(options: argparse.Namespace, found: Survey, cache: Cache) -> tuple[Report, Fixed]:
    from bnlint.interfaces.cli import fixing

    with _progress(options) as bar:
        fixed = fixing.fix(
            found,
            cache,
            unsafe=options.unsafe_fixes,
            jobs=options.jobs,
            debug=options.debug,
            progress=bar,
        )
    return fixed.report, fixed


@contextmanager
def _progress(options: argparse.Namespace) -> Iterator[ProgressBar | None]:
    import gc

    from bnlint.reporters.terminal import is_terminal

    # This process ends with the run; `file_check` collects when there is something to collect.
    gc.disable()

    if options.quiet or options.silent or not is_terminal(sys.stderr):
        yield None
        return
    from bnlint.interfaces.cli.progress import ProgressBar

    bar = ProgressBar()
    try:
        yield bar
    finally:
        bar.close()


def _built(options: argparse.Namespace, finder: SettingsFinder, found: Survey) -> BuiltModels:
    """Build the requested models; the result holds their findings."""
    from bnlint.project.built_models import inspect_built

    return inspect_built(
        found.callables,
        finder,
        arguments=dict(options.arg),
        input_shape=options.input_shape,
        prove=options.prove,
        debug=options.debug,
    )


def _targets(options: argparse.Namespace) -> tuple[list[str], bool]:
    """The targets to lint, and whether that is standard input."""
    targets: list[str] = options.targets
    if "-" in targets or (options.stdin_filename and not targets):
        if len(targets) > 1:
            raise SettingsError("`-` stands alone: standard input is the only target then")
        return [options.stdin_filename or os.curdir], True
    if options.stdin_filename:
        raise SettingsError("--stdin-filename goes with `-` as the only target")
    return targets or [os.curdir], False


def _stdin_survey(options: argparse.Namespace, finder: SettingsFinder) -> Survey:
    from bnlint.project.cache import Cache
    from bnlint.project.files import gitignore
    from bnlint.project.files.targets import Names, SourceFile
    from bnlint.project.pipeline import survey_files

    data = sys.stdin.buffer.read() if sys.stdin is not None else b""
    path = os.path.abspath(options.stdin_filename or "-")
    settings = finder.for_folder(os.path.dirname(path))
    files = [SourceFile(Names().shown(path), path, settings, data)]
    if options.stdin_filename and settings.force_exclude:
        ignored = settings.respect_gitignore and gitignore.is_ignored(path)
        if ignored or settings.exclude.covers(path):
            files = []
    around = () if options.stdin_filename and not options.only_named else None
    return survey_files(finder, files, [], Cache("", enabled=False), around=around)


def _flags(options: argparse.Namespace) -> dict[str, object]:
    """The settings from the command line."""
    given = {
        "select": options.select,
        "extend-select": options.extend_select,
        "ignore": options.ignore,
        "exclude": options.exclude,
        "extend-exclude": options.extend_exclude,
        "per-file-ignores": _table(options.per_file_ignores),
        "fixable": options.fixable,
        "unfixable": options.unfixable,
        "fix": options.fix,
        "unsafe-fixes": options.unsafe_fixes,
        "fix-only": options.fix_only,
        "show-fixes": options.show_fixes,
        "preview": options.preview,
        "order": options.order,
        "target-keras": options.target_keras,
        "baseline": options.baseline,
        "fail-on": options.fail_on,
        "output-format": options.output_format,
        "respect-gitignore": options.respect_gitignore,
        "force-exclude": options.force_exclude,
        "cache-dir": options.cache_dir,
    }
    return {key: value for key, value in given.items() if value is not None}


def _table(pairs: Sequence[tuple[str, str]] | None) -> dict[str, list[str]] | None:
    """``--per-file-ignores`` as the table of that name in the settings."""
    if pairs is None:
        return None
    table: dict[str, list[str]] = {}
    for glob, rule in pairs:
        table.setdefault(glob, []).append(rule)
    return table


def _default_format(options: argparse.Namespace) -> str:
    from bnlint.reporters.terminal import is_terminal

    return "full" if not options.output_file and is_terminal(sys.stdout) else "concise"


def _colour(options: argparse.Namespace) -> bool:
    from bnlint.reporters.terminal import wants_colour

    stream = None if options.output_file else sys.stdout
    return wants_colour(options.color, stream, os.environ)
