"""Who imports a file, and by what names its contents are called there."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bnlint.project.index.flow import Flow


class Use:
    """One import record that refers to a file or to a name in it.

    Attributes:
        path: of the importing file.
        name: the imported name; empty where the module or everything in it is imported.
        alias: its name in the importing file, with dots after ``import a.b``; or ``"*"``.
    """

    __slots__ = ("alias", "name", "path")

    def __init__(self, path: str, name: str, alias: str) -> None:
        self.path = path
        self.name = name
        self.alias = alias


class Uses:
    """The imports of one file, found by the names that they reach.

    Args:
        uses: all of them.
        flow_of: the pieces of a file.
    """

    def __init__(self, uses: Iterable[Use], flow_of: Callable[[str], Flow]) -> None:
        self.all = list(uses)
        self._flow_of = flow_of
        self._by_name: dict[str, list[tuple[str, str]]] | None = None
        self._stars: list[str] = []
        self._lookups: list[tuple[Use, str]] = []

    def of(self, name: str) -> Iterator[tuple[str, str]]:
        """The files that import a name of the file, or read it as an attribute of the file, and
        what they call it.
        """
        yield from self._found().get(name, ())
        yield from ((path, name) for path in self._stars)
        yield from self._looked_up(name)

    def inside(self, name: str) -> Iterator[tuple[str, str]]:
        """The same for ``module.name`` in a package, which nobody imports by such a name."""
        yield from self._found().get(name, ())
        yield from self._looked_up(name)

    def _looked_up(self, name: str) -> Iterator[tuple[str, str]]:
        """Attributes by names that are known at run time only."""
        for use, owner in self._lookups:
            if f"{use.alias}.{name}".startswith(owner):
                yield use.path, f"{use.alias}.{name}"

    def _found(self) -> dict[str, list[tuple[str, str]]]:
        if self._by_name is None:
            self._by_name = {}
            for use in self.all:
                if use.alias == "*":
                    self._stars.append(use.path)
                elif use.name:
                    self._by_name.setdefault(use.name, []).append((use.path, use.alias))
                else:
                    self._note_attributes(use, self._by_name)
        return self._by_name

    def _note_attributes(self, use: Use, found: dict[str, list[tuple[str, str]]]) -> None:
        flow, owner = self._flow_of(use.path), f"{use.alias}."
        for chain in flow.by_chain:
            if chain.startswith(owner):
                found.setdefault(chain[len(owner) :], []).append((use.path, chain))
        self._lookups += [
            (use, stem)
            for stem in flow.by_lookup
            if stem.startswith(owner) or owner.startswith(stem)
        ]
