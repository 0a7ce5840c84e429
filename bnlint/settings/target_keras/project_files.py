"""Reads the files in which a project lists its requirements; yields the requirements as lines.

The files are read as data, and nothing in them is run. A malformed file gives no requirements: the
tool that it belongs to reports the error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from bnlint.settings.target_keras.installs import installed_by, logical_lines

Reader: TypeAlias = Callable[[str], Iterator[str]]

_PLAIN_TABLES: Final = ("dependencies", "dev-dependencies", "pypi-dependencies", "packages")


def of_pyproject(text: str) -> Iterator[str]:
    """PEP 621 with extras, PEP 735, and the tables of poetry, pdm, uv, hatch and pixi."""
    table = toml(text)
    project = _table(table, "project")
    yield from _strings(project.get("dependencies"))
    for listed in _table(project, "optional-dependencies").values():
        yield from _strings(listed)
    for listed in _table(table, "dependency-groups").values():
        yield from _strings(listed)
    tool = _table(table, "tool")
    poetry = _table(tool, "poetry")
    for holder in (poetry, *map(_as_table, _table(poetry, "group").values())):
        for key in ("dependencies", "dev-dependencies"):
            yield from _poetry(_table(holder, key))
    for listed in _table(_table(tool, "pdm"), "dev-dependencies").values():
        yield from _strings(listed)
    for key in ("dev-dependencies", "constraint-dependencies", "override-dependencies"):
        yield from _strings(_table(tool, "uv").get(key))
    for environment in _table(_table(tool, "hatch"), "envs").values():
        for key in ("dependencies", "extra-dependencies"):
            yield from _strings(_as_table(environment).get(key))
    yield from _pixi(_table(tool, "pixi"))


def of_pixi(text: str) -> Iterator[str]:
    """``pixi.toml``."""
    return _pixi(toml(text))


def of_pipfile(text: str) -> Iterator[str]:
    """A Pipfile: ``packages``, ``dev-packages`` and categories of the project's own."""
    for name, packages in toml(text).items():
        if name not in ("source", "requires", "scripts", "pipenv"):
            yield from _poetry(_as_table(packages))


def of_setup_cfg(text: str) -> Iterator[str]:
    """``install_requires`` and all extras."""
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    listed = [parser.get("options", "install_requires", fallback="")]
    if parser.has_section("options.extras_require"):
        listed += [each for _, each in parser.items("options.extras_require")]
    for lines in listed:
        yield from re.split(r"[\n,](?![ \t]*[<>=!~])", lines)


def of_tox(text: str) -> Iterator[str]:
    """``deps`` and ``setenv`` of all environments; one for only some of them is conditional."""
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    for section in parser.sections():
        for key in ("deps", "setenv", "set_env"):
            for line in parser.get(section, key, fallback="").splitlines():
                factor = re.match(r"\s*[\w.{},!-]+:\s+", line)
                yield f"{line[factor.end() :]};" if factor else line


def of_requirements(text: str) -> Iterator[str]:
    """``requirements.txt``: the lines; included files (``-r``) are read elsewhere."""
    return (line for line in text.splitlines() if not line.lstrip().startswith("-"))


def included_by(text: str) -> Iterator[str]:
    """The files that a ``requirements.txt`` includes with ``-r`` or ``-c``."""
    found = re.findall(
        r"(?m)^[ \t]*(?:-r|-c|--requirement|--constraint)[ \t=]*['\"]?([^\s'\"#]+)", text
    )
    return (name for name in found if "://" not in name)


def of_environment(text: str) -> Iterator[str]:
    """Conda's ``environment.yml``: simple YAML, of which only the usual forms are read."""
    section = ""
    for line in text.splitlines():
        top = re.match(r"(\w+)[ \t]*:(.*)", line)
        if top is not None:
            section = top[1]
            listed = top[2].strip() if section == "dependencies" else ""
        elif section in ("dependencies", "variables"):
            listed = line.strip()
        else:
            continue
        if section == "variables":
            yield listed
            continue
        listed = re.sub(r"^-[ \t]*(?:pip[ \t]*:)?", "", listed).strip()
        for entry in listed[1:-1].split(",") if listed[:1] == "[" else (listed,):
            plain = entry.split(" #")[0].strip().strip("'\"")
            yield plain.rpartition("::")[2]


def of_dockerfile(text: str) -> Iterator[str]:
    """What ``RUN`` installs, what ``ENV`` sets, and what the image of ``FROM`` contains."""
    for line in logical_lines(text):
        instruction, _, rest = line.strip().partition(" ")
        image = re.match(r"\S*\btensorflow/tensorflow:(\d+(?:\.\d+)+)", rest)
        if instruction.upper() == "FROM":
            if image is not None:
                yield f"tensorflow=={image[1]}"
        elif rest.lstrip().startswith("["):
            yield from installed_by(re.sub(r"[\"\[\],]+", " ", rest))
        else:
            yield from installed_by(rest)


def of_script(text: str) -> Iterator[str]:
    """PEP 723: the metadata of a script in a block of comments."""
    start = re.search(r"(?m)^# /// script[ \t]*$", text)
    if start is None:
        return
    block = re.compile(r"(?m)\r?\n((?:#(?:| [^\n]*)\n)+)# ///[ \t]*$").match(text, start.end())
    if block is not None:
        content = re.sub(r"(?m)^# ?", "", block[1].replace("\r\n", "\n"))
        yield from _strings(toml(content).get("dependencies"))


# Tables


def toml(text: str) -> Mapping[str, object]:
    """A TOML document; empty where ``text`` is not valid TOML."""
    from bnlint.settings import parse_toml

    try:
        return parse_toml(text, "")
    except (ValueError, RecursionError):
        return {}


def _as_table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _table(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    return _as_table(table.get(key))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, str))


def _poetry(packages: Mapping[str, object]) -> Iterator[str]:
    """``name = "^3.4"``, ``{version = …}``, ``{git = …, tag = …}``, or a list of such."""
    for name, entry in packages.items():
        several = entry if isinstance(entry, list) else [entry]
        for each in several:
            table = _as_table(each)
            bounds = each if isinstance(each, str) else table.get("version", "")
            if isinstance(table.get("tag"), str) and isinstance(table.get("git"), str):
                yield f"{table['git']}@{table['tag']}"
            elif isinstance(bounds, str):
                exact = "==" if bounds[:1].isdigit() else ""
                conditional = len(several) > 1 or table.keys() & {"markers", "python", "platform"}
                yield f"{name} {exact}{bounds.strip('*') and bounds}{';' if conditional else ''}"


def _pixi(table: Mapping[str, object]) -> Iterator[str]:
    holders = [table, *map(_as_table, _table(table, "feature").values())]
    holders += [each for one in holders for each in map(_as_table, _table(one, "target").values())]
    for holder in holders:
        for key in _PLAIN_TABLES:
            yield from _poetry(_table(holder, key))
