"""The version of Keras that code is written for: as set, as required, or as the code shows.

Sources, in this order:

1. ``target-keras`` in the settings.
2. A file that asks for Keras 2 whatever TensorFlow has: ``tf_keras``, ``TF_USE_LEGACY_KERAS``
   (:mod:`~bnlint.settings.target_keras.code`).
3. What a file says of its own environment: the metadata of a script (PEP 723); in a notebook what
   it installs, sets and printed (:mod:`~bnlint.settings.target_keras.notebooks`).
4. What the nearest folder upwards that tells requires
   (:mod:`~bnlint.settings.target_keras.project`), and what the file uses that Keras 3 alone has.
   Where these two contradict each other, nothing is known.
5. Imports and arguments of Keras 1 and 2. They come last, as a newer Keras that is asked for
   refuses them, which is what some rules report.

Beside these the reader knows what a program asserts, and what a guard around code lets through
(:mod:`~bnlint.settings.target_keras.versions`): that counts for what it guards.

What is contradictory or told by none of them is unknown, and rules that depend on it are silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from bnlint.keras_api.versions.target import Target
from bnlint.settings.target_keras import project
from bnlint.settings.target_keras.code import legacy_shown_by, new_shown_by, old_shown_by
from bnlint.settings.target_keras.project_files import of_script
from bnlint.settings.target_keras.requirements import Requirement, agreed_all, required, requirement
from bnlint.settings.target_keras.told import Told

__all__ = ["Search", "forget", "shown_by"]

forget = project.forget


class Search:
    """Looks for what one file is written for, once somebody asks.

    Args:
        text: the program.
        folder: where its project is looked for; ``None`` where it must not be.
        of_its_own: what a notebook says of its environment.

    Attributes:
        looked_at: files of the project that the answer depends on.
        asked_in_vain: somebody asked, and the version is unknown; to be reset by who cares.
    """

    def __init__(
        self, text: str, folder: str | None = None, of_its_own: Iterable[Requirement] = ()
    ) -> None:
        self._text = text
        self._folder = folder
        self._own = of_its_own
        self.looked_at: tuple[str, ...] = ()
        self.asked_in_vain = False

    @property
    def target(self) -> Target | None:
        """The version; ``None`` where it is unknown, which ``asked_in_vain`` remembers."""
        found = self._found
        self.asked_in_vain = self.asked_in_vain or found is None
        return found

    @cached_property
    def _found(self) -> Target | None:
        legacy = legacy_shown_by(self._text)
        if legacy is not None:
            return legacy if new_shown_by(self._text) is None else None
        lines = (requirement(line, "the script's metadata") for line in of_script(self._text))
        own = required([*self._own, *(line for line in lines if line is not None)])
        if own.is_settled:
            return own.target
        new = new_shown_by(self._text)
        told = Told(new, new is not None)
        if self._folder is not None:
            asked, self.looked_at = project.of_project(self._folder)
            if asked.is_settled and (new is None or asked.target is not None):
                return agreed_all([asked, told]).target
        old = old_shown_by(self._text)
        return None if new is not None and old is not None else new or old


def shown_by(text: str) -> Target | None:
    """The Keras that a file by itself is written for."""
    return Search(text).target
