"""The report to look at: one page, whole and harmless whatever the source says."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bnlint.interfaces.cli.command import main
from bnlint.reporters.html.pages import rendered

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = next((ROOT / "rules").glob("BN101*/examples/*five_bare*.ipynb"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_VOID = {"meta", "input", "br", "hr", "img", "link"}
_IMPLIED = {"li", "p", "tr", "td", "th", "tbody", "thead"}

MODEL = """\
from keras import Input, Model, layers

inputs = Input((8,), name={name!r})
x = layers.Dense(64, name={name!r})(inputs)  # {comment}
x = layers.BatchNormalization(name={name!r})(x)
model = Model(inputs, layers.ReLU()(x))
"""


class Page(HTMLParser):
    """What a page holds.

    Attributes:
        ids: of its elements.
        links: the ``href`` of its links.
        headings: their levels, in order.
        tags: how often each element stands there.
        loads: what would be fetched.
        handlers: attributes that hold scripts.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.tags: dict[str, int] = {}
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("src", "srcset", "href", "xlink:href", "data", "action"):
                self.loads.append(value or "")
            elif name.startswith("on"):
                self.handlers.append(name)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag:
            assert self.open[-1] in _IMPLIED, (tag, self.open[-3:])
            self.open.pop()
        assert self.open, tag
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _report(folder: Path, *targets: Path) -> str:
    out = folder / "report.html"
    options = ["--isolated", "--no-cache", "--output-format", "html", "-o", str(out)]
    assert main([*options, *map(str, targets)]) in (0, 1)
    return out.read_text(encoding="utf-8")


def test_the_page_stands_alone_and_its_links_lead_somewhere(tmp_path: Path) -> None:
    examples = sorted((ROOT / "rules").glob("BN[23]*/examples/*.py"))
    page = Page(_report(tmp_path, *examples, NOTEBOOK))
    assert page.open == []
    assert page.loads == []
    assert page.handlers == []
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        assert link.startswith("https://") or link[1:] in page.ids, link
    for landmark in ("main", "header", "nav", "h1"):
        assert page.tags[landmark] == 1
    assert page.tags["svg"] > 5
    assert all(
        now <= before + 1 for before, now in zip(page.headings, page.headings[1:], strict=False)
    )


def test_a_finding_has_its_frame_its_help_and_its_page(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(MODEL.format(name="a", comment="here"))
    text = _report(tmp_path, tmp_path / "net.py")
    assert "<mark>layers.Dense(64, name=&#x27;a&#x27;)</mark>(inputs)  # here" in text
    assert "<strong>Instead:</strong> write <code>use_bias=False</code>" in text
    assert '<section id="BN201"' in text
    assert "<caption>By rule</caption>" in text


def test_cells_are_named(tmp_path: Path) -> None:
    text = _report(tmp_path, NOTEBOOK)
    assert text.count('<article class="finding error"') == 5
    assert ".ipynb:cell 4:2:1" in text


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&lt;]]>-->"


def test_nothing_in_the_source_becomes_markup(tmp_path: Path) -> None:
    name = tmp_path / "<img src=x onerror=alert(1)>&\"'.py"
    name.write_text(MODEL.format(name=HOSTILE, comment=HOSTILE))
    page = Page(_report(tmp_path, name))
    assert page.open == []
    assert page.tags["script"] == 1
    assert "img" not in page.tags
    assert page.handlers == []
    assert page.loads == []
    assert any(HOSTILE in text or "alert(1)" in text for text in page.texts)


def test_markup_in_a_page_is_shown_as_text() -> None:
    said = rendered(
        "# title\n\n## x <b>\n\n[a](javascript:alert(1)) ![i](http://x/y.png) <script>", frozenset()
    )
    assert "title" not in said  # the section has it already
    assert "<h4>x &lt;b&gt;</h4>" in said
    assert "<script" not in said
    assert "<b>" not in said
    assert "javascript:" not in Page(said).links
    assert "<img" not in said


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    examples = sorted((ROOT / "rules").glob("BN201*/examples/*.py"))
    assert _report(tmp_path, *examples) == _report(tmp_path, *reversed(examples))


def test_a_thousand_findings_stay_handy(tmp_path: Path) -> None:
    blocks = "".join(
        f"x = layers.Dense({n})(x)\nx = layers.BatchNormalization()(x)\nx = layers.ReLU()(x)\n"
        for n in range(1, 101)
    )
    for number in range(10):
        text = MODEL.format(name="a", comment="").replace("model =", blocks + "model =")
        (tmp_path / f"net{number}.py").write_text(text)
    said = _report(tmp_path, tmp_path)
    assert said.count("<article") == 1010
    assert len(said) < 5_000_000
    assert Page(said).open == []


def test_nothing_found_is_a_page_too(tmp_path: Path) -> None:
    (tmp_path / "empty.py").write_text("")
    page = Page(_report(tmp_path, tmp_path))
    assert page.open == []
    assert "None." in page.texts


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path")
def test_a_browser_runs_the_one_script_and_no_other(tmp_path: Path) -> None:
    assert CHROMIUM is not None
    (tmp_path / "net.py").write_text(MODEL.format(name=HOSTILE, comment=HOSTILE))
    _report(tmp_path, tmp_path / "net.py")
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/b",
         "--enable-logging=stderr", "--dump-dom", (tmp_path / "report.html").as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert 'aria-label="Zoom in' in done.stdout
    assert "CONSOLE" not in done.stderr
    assert done.stdout.count("<script") == 1
