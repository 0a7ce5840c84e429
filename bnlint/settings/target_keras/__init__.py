"""The target version of Keras: set by the user, required by the project, or shown by the code.

Sources, in this order:

1. ``target-keras`` in the settings.
2. A file that requests Keras 2 whatever Keras TensorFlow has: ``tf_keras``,
   ``TF_USE_LEGACY_KERAS`` (:mod:`~bnlint.settings.target_keras.code`).
3. The environment in the file itself: the metadata of a script (PEP 723); in a notebook what it
   installs, sets and printed (:mod:`~bnlint.settings.target_keras.notebooks`).
4. The requirements in the nearest folder upwards that has any
   (:mod:`~bnlint.settings.target_keras.project`), and names in the file that only Keras 3 has.
   If these two contradict each other, the version is unknown.
5. Imports and arguments of Keras 1 and 2. They come last, because a newer Keras that is required
   refuses them, and some rules report exactly that.

In addition, the reader knows what a program asserts, and which versions a guard lets through
(:mod:`~bnlint.settings.target_keras.versions`): that counts for the guarded code.

If the sources contradict each other or say nothing, rules that need the version report nothing.
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
    """Finds the Keras version that one file is written for, when it is first needed.

    Args:
        text: the program.
        folder: where to look for its project; ``None`` to look for none.
        of_its_own: the requirements that a notebook itself states.

    Attributes:
        looked_at: files of the project that the answer depends on.
        asked_in_vain: the version was needed, but is unknown; code that uses this flag resets it.
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
        """The version; ``None`` where it is unknown; then ``asked_in_vain`` is set."""
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
    """The Keras version that a file is written for, from its text alone."""
    return Search(text).target
