"""A Keras callback that inspects the model when training begins.

>>> model.fit(x, y, callbacks=[bnlint.keras.LintCallback()])
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from bnlint.findings import Severity
from bnlint.interfaces.api import ProblemsFoundError, inspect
from bnlint.interfaces.report import Report
from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.measuring.watching import LAGGING, Watch
from bnlint.reporters.gap_table import watched
from bnlint.reporters.plain import text
from bnlint.settings import SettingsError


class BatchNormalizationWarning(UserWarning):
    """Findings of :class:`LintCallback` that did not stop the training."""


def _warn(message: str) -> None:
    """Warn at the line that calls ``fit``: the last one outside of Keras and bnlint."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and _is_inside(str(frame.f_globals.get("__name__", ""))):
        frame, level = frame.f_back, level + 1
    warnings.warn(f"bnlint: {message}", BatchNormalizationWarning, stacklevel=level)


def _write(writer: object, watch: Watch, step: int) -> None:
    summary: Any = sys.modules["tensorflow"].summary
    default: Any = writer
    with default.as_default():
        for layer in watch.layers:
            name = f"batch_normalization/{layer.path}"
            summary.scalar(f"{name}/variance", float(layer.variance.max()), step=step)
            if layer.lag is not None:
                summary.scalar(f"{name}/lag", layer.lag, step=step)


def _is_inside(module: str) -> bool:
    return module.partition(".")[0] in ("bnlint", "contextlib", "keras", "tf_keras", "tensorflow")


class LintCallback:
    """Inspects the model when training begins, before time is spent on it.

    It works with ``fit`` of Keras 3, Keras 2 and tf_keras. It is not a subclass of their
    ``Callback``, because that would import one of them. It has the methods that they call.

    Args:
        fail_on: raise at this severity or worse: ``"info"``, ``"warning"`` or ``"error"``; ``None``
            to train in any case.
        select: as for :func:`bnlint.inspect`, and so are the others.
        ignore: see there.
        order: see there.
        watch: check the moving statistics during training, each ``"epoch"`` or each given number of
            steps: not finite, a negative or exploding variance, dead channels, and, when training
            ends, statistics that lag behind the batches. There is one warning for each layer, and
            a table at the end unless ``fit`` is silent.
        writer: a ``tf.summary`` writer; each check writes the lag and largest variance per layer.

    Attributes:
        watched: the observations of each layer; ``None`` without ``watch``.
        report: the findings; ``None`` before training begins.

    Raises:
        SettingsError: ``fail_on`` is not a severity.

    Findings below ``fail_on`` become one :class:`BatchNormalizationWarning`; findings of severity
    info are only in ``report``. A model that can't be inspected yet, such as a subclassed Keras 2
    model that was never called, is inspected after the first epoch. If that fails too, a warning
    says why and training continues.

    Example:
        >>> model.fit(x, y, callbacks=[LintCallback(fail_on="warning", order="bn-first")])
    """

    async_safe = True  # Keras 3 need not wait for hooks that do nothing

    def __init__(
        self,
        fail_on: str | None = "error",
        *,
        select: Sequence[str] | None = None,
        ignore: Sequence[str] | None = None,
        order: str | None = None,
        watch: int | str | None = None,
        writer: object = None,
    ) -> None:
        try:
            self._fail_on = None if fail_on is None else Severity.from_name(fail_on)
        except ValueError as error:
            raise SettingsError(f"fail_on: {error}") from None
        if watch is not None and watch != "epoch" and not (isinstance(watch, int) and watch > 0):
            raise SettingsError(f'watch: {watch!r} is neither "epoch" nor a number of steps')
        self._watch, self._writer, self._step = watch, writer, 0
        self.watched: Watch | None = None
        if watch is not None:
            self.async_safe = False  # a hook must read the values of its own step
        self._select, self._ignore, self._order = select, ignore, order
        self.report: Report | None = None
        self.model: object = None
        self.params: Mapping[str, object] | None = None

    def set_params(self, params: Mapping[str, object]) -> None:
        """Called by Keras with the parameters of ``fit``."""
        self.params = params

    def set_model(self, model: object) -> None:
        """Called by Keras with the model that it trains."""
        self.model = model

    def on_train_begin(self, logs: object = None) -> None:
        """Inspect the model.

        Raises:
            ProblemsFoundError: there is a finding of ``fail_on`` or worse.
        """
        del logs
        self.report = None
        if self._watch is not None:
            self.watched, self._step = Watch(self.model), 0
            self._look()
        self._inspect(is_last_try=False)

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        """Inspect the model if it could not be when training began.

        Raises:
            ProblemsFoundError: there is a finding of ``fail_on`` or worse.
        """
        del epoch, logs
        if self.report is None:
            self._inspect(is_last_try=True)
        if self._watch == "epoch":
            self._look()

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Count the steps, and check the statistics when a check is due."""
        del batch, logs
        if self._watch is not None:
            self._step += 1
            if isinstance(self._watch, int) and self._step % self._watch == 0:
                self._look()

    def on_train_end(self, logs: object = None) -> None:
        """Warn about statistics that lag, and print the observations of each layer."""
        del logs
        if self.watched is None:
            return
        if self.watched.layers and self.watched.layers[0].step < self._step:
            self._look()
        lagging = [layer.path for layer in self.watched.layers if layer.lag and layer.lag > LAGGING]
        if lagging:
            _warn(
                f"the moving statistics of {', '.join(lagging[:3])}"
                f"{f' and {len(lagging) - 3} more' if len(lagging) > 3 else ''} lag behind the"
                " batches: train longer, lower the momentum, or use bnlint.recalibrate"
            )
        if (self.params or {}).get("verbose"):
            print(watched(self.watched.layers))

    def _look(self) -> None:
        assert self.watched is not None
        for path, problem in self.watched.look(self._step):
            _warn(f"{path}: {problem} (after step {self._step})")
        if self._writer is not None:
            _write(self._writer, self.watched, self._step)

    def _inspect(self, *, is_last_try: bool) -> None:
        try:
            report = inspect(
                self.model, select=self._select, ignore=self._ignore, order=self._order
            )
        except InspectionError as error:
            if is_last_try:
                self.report = Report()
                _warn(str(error))
            return
        self.report = report
        if self._fail_on is not None and report.exit_status(self._fail_on):
            raise ProblemsFoundError(report)
        if report.exit_status(Severity.WARNING):
            _warn(text(report))

    def _nothing(self, *args: object, **kwargs: object) -> None:
        """The hooks that Keras calls and that do nothing."""

    on_test_begin = on_test_end = on_predict_begin = on_predict_end = _nothing
    on_epoch_begin = on_batch_begin = on_batch_end = _nothing
    on_train_batch_begin = on_test_batch_begin = on_test_batch_end = _nothing
    on_predict_batch_begin = on_predict_batch_end = _nothing

    def _implements_no_batch_hooks(self) -> bool:
        """Called by Keras 2, which then need not call the batch hooks."""
        return False

    def _implements_train_batch_hooks(self) -> bool:
        return self._watch is not None

    _implements_test_batch_hooks = _implements_no_batch_hooks
    _implements_predict_batch_hooks = _implements_no_batch_hooks
    _supports_tf_logs = True
