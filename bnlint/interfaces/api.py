"""The Python API: ``bnlint.lint``, ``bnlint.lint_source``, ``bnlint.inspect`` and others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from bnlint.findings import Severity
from bnlint.interfaces.report import Report
from bnlint.project.cache import Cache
from bnlint.project.files.targets import Names, SourceFile
from bnlint.project.pipeline import survey, survey_files
from bnlint.rule import Options, Rule
from bnlint.settings import SettingsError, SettingsFinder

_NO_FILE = "<stdin>"

Model = TypeVar("Model")


class ProblemsFoundError(AssertionError):
    """A model has problems that the caller does not accept.

    Attributes:
        report: all findings; the message shows them.
    """

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return str(self.report)


def lint(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    extend_select: Sequence[str] | None = None,
    preview: bool | None = None,
    order: str | None = None,
    target_keras: str | int | None = None,
    config: Sequence[str] = (),
    isolated: bool = False,
    jobs: int | None = 1,
    cache: bool = False,
    only_named: bool = False,
) -> Report:
    """Lint files, folders and saved models.

    Args:
        paths: files and folders to lint; settings are found as on the command line.
        select: the only rules to run: codes, beginnings of codes, names or ``"ALL"``.
        ignore: rules not to run.
        extend_select: more rules to run.
        preview: also run rules in preview.
        order: ``"bn-first"``, ``"activation-first"``, ``"consistent"`` or ``"off"``.
        target_keras: the Keras that the code is for: 1, 2, 3, or a version such as ``"3.12"``.
        config: TOML files or ``"key = value"``, as for ``--config``.
        isolated: ignore every ``pyproject.toml``.
        jobs: number of worker processes; ``None`` for one per processor.
        cache: use and fill the cache of the project.
        only_named: judge each file by itself and what it imports, not with the rest of its project.

    Returns:
        All findings, and the files that can't be read: a missing file raises no exception.

    Raises:
        SettingsError: a setting, here or in a file, can't be used.

    Example:
        >>> bnlint.lint(["src"], select=["BN201"]).exit_status()
        0
    """
    targets = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    names = [os.fspath(target) for target in targets]
    flags = _flags(select, ignore, extend_select, preview, order, target_keras)
    finder = SettingsFinder(flags, config, isolated=isolated)
    settings = finder.for_run([os.path.abspath(name) for name in names])
    kept = Cache(settings.cache_dir, enabled=cache)
    found = survey(finder, names, kept, only_named=only_named)
    found.heed_baseline(settings)
    report = found.report(kept, jobs=jobs)
    kept.save()
    return Report.of(report)


def lint_source(
    text: str | bytes,
    filename: str | os.PathLike[str] = _NO_FILE,
    *,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    extend_select: Sequence[str] | None = None,
    preview: bool | None = None,
    order: str | None = None,
    target_keras: str | int | None = None,
    config: Sequence[str] = (),
    isolated: bool = False,
) -> Report:
    """Lint source text that need not be saved as a file.

    Args:
        text: the source; bytes are decoded as Python does (PEP 263).
        filename: its path if it were saved: settings and imports are found from there.
        select: as for :func:`lint`; the same applies to the next arguments.
        ignore: see there.
        extend_select: see there.
        preview: see there.
        order: see there.
        target_keras: see there.
        config: see there.
        isolated: see there.

    Raises:
        SettingsError: a setting, here or in a file, can't be used.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)
    flags = _flags(select, ignore, extend_select, preview, order, target_keras)
    finder = SettingsFinder(flags, config, isolated=isolated)
    path = os.path.abspath(filename)
    settings = finder.for_folder(os.path.dirname(path))
    cache = Cache("", enabled=False)
    file = SourceFile(Names().shown(path), path, settings, data)
    around = None if filename == _NO_FILE else ()
    found = survey_files(finder, [file], [], cache, around=around)
    found.heed_baseline(settings)
    return Report.of(found.report(cache, jobs=1))


def inspect(
    model: object,
    input_shape: object = None,
    *,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    extend_select: Sequence[str] | None = None,
    preview: bool | None = None,
    order: str | None = None,
    target_keras: str | int | None = None,
    config: Sequence[str] = (),
    isolated: bool = False,
) -> Report:
    """Inspect a live model without changing it.

    Args:
        model: a Keras model: Functional, Sequential or subclassed, of Keras 3, Keras 2 or tf_keras.
        input_shape: the input of a subclassed model that was never called: a shape with the batch
            axis (``(None, 32, 32, 3)``), an array or tensor, or a list or dictionary of those; by
            name where its ``call`` takes several (``{"x": …, "y": …}``). An array also gives the
            dtype. Other models do not need it.
        select: as for :func:`lint`; the same applies to the next arguments; settings are those of
            the current folder.
        ignore: see there.
        extend_select: see there.
        preview: see there.
        order: see there.
        target_keras: see there.
        config: see there.
        isolated: see there.

    Returns:
        Findings in the order of the model; their ``location.path`` is the layer's path in it.

    Raises:
        InspectionError: ``model`` is not a model, or can't be read; one line that says why.
        SettingsError: a setting, here or in a file, can't be used.

    Example:
        >>> bnlint.inspect(model).exit_status()
        0
    """
    from bnlint.project.judging.graph_check import findings_in
    from bnlint.readers.model.live.live import read_model

    flags = _flags(select, ignore, extend_select, preview, order, target_keras)
    rules, options = _asked(model, flags, config, isolated=isolated)
    found = findings_in(read_model(model, input_shape), rules, options)
    return Report(findings=tuple(found), models=1)


def prove(
    model: object,
    inputs: object = None,
    *,
    seed: int = 0,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    extend_select: Sequence[str] | None = None,
    preview: bool | None = None,
    order: str | None = None,
    target_keras: str | int | None = None,
    config: Sequence[str] = (),
    isolated: bool = False,
) -> Report:
    """Inspect a live model, and check findings about its biases by measurement.

    If a bias is reported as redundant, the model is run once, forward and backward, with
    ``training=True`` and random cotangents. Its weights, statistics and seeds are restored.

    Args:
        model: as for :func:`inspect`; a subclassed model must have been built or called before.
        inputs: a batch of inputs, by name where the ``call`` of the model takes several; ``None``
            for random samples of its input shapes.
        seed: seed of the samples and cotangents.
        select: as for :func:`lint`; the same applies to the next arguments.
        ignore: see there.
        extend_select: see there.
        preview: see there.
        order: see there.
        target_keras: see there.
        config: see there.
        isolated: see there.

    Returns:
        As from :func:`inspect`. The message of a finding about a redundant bias ends with the
        ratio of its largest gradient to that of the kernel: at most 1e-5 proves the finding, 1e-3
        or more means that the bias is in use, and between them the result is inconclusive. A
        contradicted finding is a failure of bnlint: see ``failures``; ``exit_status()`` is 2.

    Raises:
        InspectionError: the model can't be read or run; one line that says why.
        SettingsError: a setting, here or in a file, can't be used.

    Example:
        >>> bnlint.prove(model).exit_status()
        1
    """
    from bnlint.project.judging.graph_check import judge
    from bnlint.readers.model.live.live import walk_model
    from bnlint.readers.model.proving.proof import claimed, claiming, compared_all
    from bnlint.readers.model.proving.proving import measure

    flags = _flags(select, ignore, extend_select, preview, order, target_keras)
    rules, options = _asked(model, flags, config, isolated=isolated)
    walker = walk_model(model, inputs)
    judged = judge(walker.graph, rules, options)
    codes = claiming(rules)
    asked = claimed(judged, codes)
    drawn = [pair for pair in walker.drawn.values() if pair[1] in asked]
    measured = measure(model, drawn, inputs, seed=seed) if drawn else {}
    told, failures = compared_all(judged, measured, codes)
    findings = tuple(finding for *_, finding in told if finding is not None)
    return Report(findings, tuple(failures), models=1)


def fold(model: Model, inputs: object = None, *, seed: int = 0, verbose: bool = True) -> Model:
    """Remove the redundant biases of a trained model without training it again.

    Predictions need such a bias, because the moving mean after it was measured with it. In the
    returned model, the bias is subtracted from that moving mean, ``use_bias`` is ``False``, and all
    other weights are the same. Both models are run on random samples, and their outputs compared.

    Args:
        model: a Functional or built Sequential model of Keras 3, Keras 2 or tf_keras; it is not
            changed.
        inputs: a batch of inputs; ``None`` for random samples of the input shapes of the model.
        seed: seed of the samples.
        verbose: print what was done, and why any redundant bias was kept.

    Returns:
        A new model, rebuilt from the config of the given one. It is not compiled.

    Raises:
        InspectionError: the model can't be read, rebuilt or run, or its outputs would differ by
            more than 1e-5 of the largest; one line that says why.

    Example:
        >>> bnlint.fold(model).save("folded.keras")
        folded 53 biases: 26,560 parameters and 106,240 bytes fewer; outputs differ by at most
        1.4e-06 of the largest
    """
    from bnlint.project.folded_models import fold_model, told

    folded = fold_model(model, inputs, seed=seed, trusted=True)
    if verbose:
        for line in told(folded):
            print(line)
    new: Model = folded.model
    return new


def _asked(
    model: object, flags: Mapping[str, object], config: Sequence[str], *, isolated: bool
) -> tuple[list[Rule], Options]:
    """The enabled rules for a model in the current folder, and the options that they read."""
    from bnlint.project.judging import selection
    from bnlint.readers.model.version import target_of
    from bnlint.rule import options_of

    settings = SettingsFinder(flags, config, isolated=isolated).for_run([os.path.abspath(".")])
    rules = selection.book(settings).rules
    enabled = [rules[code].rule() for code in sorted(selection.codes(settings))]
    options = options_of(settings)
    return enabled, options._replace(known_target=options.known_target or target_of(model))


def assert_clean(
    model: object,
    input_shape: object = None,
    *,
    fail_on: str = "warning",
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    order: str | None = None,
) -> None:
    """Fail a test if a model has problems.

    Args:
        model: as for :func:`inspect`; the same applies to ``input_shape``, ``select``, ``ignore``
            and ``order``.
        input_shape: see there.
        fail_on: the lowest severity that fails: ``"info"``, ``"warning"`` or ``"error"``.
        select: see there.
        ignore: see there.
        order: see there.

    Raises:
        ProblemsFoundError: an ``AssertionError`` whose message lists the findings.
        InspectionError: the model can't be read.
        SettingsError: a setting can't be used.

    Example:
        >>> def test_model():
        ...     bnlint.assert_clean(build_model(), order="bn-first")
    """
    __tracebackhide__ = True  # pytest shows the test's own line
    report = inspect(model, input_shape, select=select, ignore=ignore, order=order)
    try:
        least = Severity.from_name(fail_on)
    except ValueError as error:
        raise SettingsError(f"fail_on: {error}") from None
    if report.exit_status(least):
        raise ProblemsFoundError(report)


def _flags(
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    extend_select: Sequence[str] | None,
    preview: bool | None,
    order: str | None,
    target_keras: str | int | None,
) -> dict[str, object]:
    given = {
        "select": select,
        "ignore": ignore,
        "extend-select": extend_select,
        "preview": preview,
        "order": order,
        "target-keras": target_keras,
    }
    return {key: value for key, value in given.items() if value is not None}
