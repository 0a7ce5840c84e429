"""A reader that finds words, for tests of the program around the reader.

``BIAS``, ``LOST`` and ``ORDER`` in a line are findings. ``CRASH`` raises, ``DIE`` kills a worker
process, ``WAIT`` takes 0.3 s. ``# depends: PATH`` names a file whose text is looked at too: each
``FLIP`` in it makes a finding here. ``SITE`` is an understood BatchNormalization, ``ODD`` one that
is not. Each reading is noted in the file that ``FAKE_READER_LOG`` names.

Run as a script it is bnlint with this reader.
"""

import multiprocessing
import os
import re
import time
from pathlib import Path

from bnlint.findings import Finding, Location, Outcome, Related, Severity, Site
from bnlint.project.judging import file_check
from bnlint.project.judging.file_check import FileResult
from bnlint.project.judging.verdicts import State, Verdict
from bnlint.readers.source.locating import ALONE, Standing
from bnlint.rule import Options

RULES = {
    "BIAS": ("BN201", "redundant-bias", Severity.WARNING, "the bias of Conv2D does nothing"),
    "LOST": ("BN101", "not-in-model", Severity.ERROR, "this layer is never applied"),
    "ORDER": ("BN301", "activation-order", Severity.INFO, "comes after the activation"),
}


def place(filename: str, line: int, match: re.Match[str]) -> Location:
    return Location(filename, line, match.start() + 1, line, match.end() + 1)


def check_file(
    filename: str,
    data: bytes,
    options: Options,
    codes: frozenset[str],
    *,
    rule_folders: tuple[str, ...] = (),
    standing: Standing = ALONE,
) -> FileResult:
    if log := os.environ.get("FAKE_READER_LOG"):
        with Path(log).open("a") as file:
            file.write(f"{Path(filename).name}\n")
    text = data.decode("utf-8", "replace")
    if "CRASH" in text:
        raise RuntimeError("fell over")
    if "DIE" in text and multiprocessing.parent_process() is not None:
        os._exit(9)
    if "WAIT" in text:
        time.sleep(0.3)
    own: list[Finding] = []
    found: list[Finding] = []
    sites: list[Site] = []
    dependencies: list[str] = []
    try:
        compile(text, filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        where = Location(filename, line, 1, line, 2)
        own.append(Finding("BN001", "syntax-error", Severity.ERROR, where, "not Python"))
    lines = re.split(r"\r\n|\r|\n", text)
    for number, line in enumerate(lines, 1):
        for match in re.finditer(r"BIAS|LOST|ORDER", line):
            code, name, severity, message = RULES[match[0]]
            if code not in codes:
                continue
            if code == "BN301" and options.order_is_set:
                severity = Severity.WARNING
            related: tuple[Related, ...] = ()
            if code == "BN201":
                at = Location(filename, number + 1, 1, number + 1, 4)
                related = (Related(at, "absorbed by BatchNormalization"),)
            when = "`use_bn` is true" if "WHEN" in line else None
            found.append(
                Finding(
                    code,
                    name,
                    severity,
                    place(filename, number, match),
                    message,
                    "Pass `use_bias=False`" if code == "BN201" else "",
                    related=related,
                    when=when,
                )
            )
        for match in re.finditer(r"SITE|ODD", line):
            outcome = Outcome.UNDERSTOOD if match[0] == "SITE" else Outcome.ESCAPED
            sites.append(Site(place(filename, number, match), outcome))
        if depends := re.search(r"# depends: (\S+)", line):
            path = Path(filename).absolute().parent / depends[1]
            dependencies.append(str(path))
            said = path.read_text() if path.exists() else ""
            found += [
                Finding(
                    "BN101", "not-in-model", Severity.ERROR, place(filename, number, depends), w
                )
                for w in re.findall("FLIP", said)
            ]
    verdicts = tuple(Verdict(f.code, f.location, 0, State.HOLDS, f) for f in found)
    return FileResult(
        filename, tuple(own), verdicts, tuple(sites), tuple(dependencies), read=True, models=1
    )


def install() -> None:
    file_check.check_file = check_file


if __name__ == "__main__":
    install()
    from bnlint.__main__ import run

    run()
