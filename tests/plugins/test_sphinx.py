"""The directive of Sphinx: what the command line makes, in the form that each builder takes."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Mapping, Sequence
from html import escape, unescape
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import adviz
from adviz.cli.words import done
from adviz.plugins.documents import COMMANDS, OF_THE_FIGURE, figure, option_names

sphinx_application = pytest.importorskip("sphinx.application", reason="MISSING EXTRA: sphinx")

PRODUCT = "(x + y)*(x - y)"
TRACE = "v₃     v₁ × v₂"
"""What only the evaluation trace of the product says."""


class Built(NamedTuple):
    """A project that has been built."""

    folder: Path
    warnings: str
    read: tuple[str, ...]
    """The documents that were read."""
    failed: bool

    def text(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")


def build(
    project: Path,
    pages: Mapping[str, str],
    builder: str = "html",
    jobs: int = 0,
    extensions: Sequence[str] = (),
    suppress_warnings: Sequence[str] = (),
    **options: Any,
) -> Built:
    """Write the pages of a project that have changed, and build it."""
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    for name, text in pages.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
    settings = {
        "extensions": ["adviz.plugins.sphinx", *extensions],
        "html_copy_source": False, "html_theme": "basic", "html_use_index": False,
        "numfig": True, "project": "P", "suppress_warnings": [*suppress_warnings],
    }  # fmt: skip
    heard, read = StringIO(), list[str]()
    with patch_docutils(), docutils_namespace():
        app = sphinx_application.Sphinx(
            project, None, project / "_out" / builder, project / "_doctrees", builder,
            confoverrides=settings, status=None, warning=heard, parallel=jobs, **options,
        )  # fmt: skip
        app.connect("source-read", lambda app, name, _: read.append(name))
        app.build()
    said = re.sub(r"\x1b\[[\d;]*m", "", heard.getvalue())
    return Built(project / "_out" / builder, said, tuple(read), bool(app.statuscode))


def directive(formula: str, **options: str) -> str:
    """Return the directive in reStructuredText, after a line of words."""
    lines = "".join(f"\n   :{name.replace('_', '-')}: {value}" for name, value in options.items())
    return f"Words.\n\n.. adviz:: {formula}{lines}\n\n"


ALL = "Title\n=====\n\n" + "".join(
    [
        directive(PRODUCT, at="x=3,y=2", caption="A *film*.", name="fig-film"),
        directive(PRODUCT, at="x=3,y=2", format="table", mode="both"),
        directive(PRODUCT, at="x=3,y=2", format="drawing", alt="Two < factors", width="60%"),
        directive(PRODUCT, at="x=3,y=2", format="report"),
        ":numref:`fig-film`\n\n",
        ".. adviz::\n   :format: drawing\n   :show: names\n\n   a = x*y\n   sin(a)/a\n\n",
    ]
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    done = build(folder, {"index.rst": ALL})
    assert not done.warnings
    return folder


# --- What stands in a document -------------------------------------------------------------------

WORDS: Mapping[str, tuple[str, list[str]]] = {
    "film": ("animate", ["--at=x=3,y=2", PRODUCT]),
    "table": ("table", ["--at=x=3,y=2", "--mode=both", PRODUCT]),
    "drawing": ("draw", ["--at=x=3,y=2", PRODUCT]),
    "report": ("check", ["--at=x=3,y=2", PRODUCT]),
    "over several lines": ("draw", ["--show=names", "a = x*y\nsin(a)/a"]),
}


@pytest.mark.parametrize("form", WORDS)
def test_a_page_has_what_the_same_words_make_on_the_command_line(project: Path, form: str) -> None:
    page = (project / "_out/html/index.html").read_text("utf-8")
    assert done(*WORDS[form])._repr_html_() in page


def test_a_figure_has_its_number_its_caption_its_words_and_its_width(project: Path) -> None:
    page = (project / "_out/html/index.html").read_text("utf-8")
    assert re.search(r'<figure class="align-default" id="fig-film">', page)
    assert "A <em>film</em>." in page and 'href="#fig-film"><span class="std std-numref">' in page
    assert 'role="img" aria-label="Two &lt; factors" style="width:60%"' in page


OTHERS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "text": ("index.txt", "text", (TRACE, "all 2 derivatives agree", "a = x*y")),
    "man": ("p.1", "man", (TRACE, "all 2 derivatives agree")),
    "latex": (
        "p.tex",
        "latex",
        ("\\begin{tabular}{llrrrrr}", "\\caption{A \\sphinxstyleemphasis{film}", "width=0.600"),
    ),
    "epub": ("index.xhtml", "epub", ('alt="Two &lt; factors"', "all 2 derivatives agree", TRACE)),
    "xml": ("index.xml", "xml", (TRACE,)),
}
"""The file that a builder writes, and what is in it."""


@pytest.mark.parametrize("case", OTHERS)
def test_any_other_builder_has_a_picture_or_words(project: Path, case: str) -> None:
    name, builder, needed = OTHERS[case]
    built = build(project, {}, builder)
    assert "adviz" not in built.warnings
    text = built.text(name).replace("\\-", "-")
    for words in needed:
        assert words in text


PICTURES = {"latex": b"%PDF", "epub": b"<svg", "texinfo": b"\x89PNG"}
"""What the pictures begin with that a builder takes."""


@pytest.mark.parametrize("builder", PICTURES)
def test_pictures_are_files_that_are_written_alike_each_time(project: Path, builder: str) -> None:
    def files() -> dict[str, bytes]:
        found = (project / "_out" / builder).rglob("adviz-*.*")
        return {path.name: path.read_bytes() for path in found}

    build(project, {}, builder)
    before = files()
    assert len(before) == 2  # the film's and the drawing's are one
    assert all(one.startswith(PICTURES[builder]) for one in before.values())
    build(project, {}, builder, freshenv=True)
    assert files() == before


def test_a_fence_of_myst_is_the_directive(project: Path, tmp_path: Path) -> None:
    pytest.importorskip("myst_parser", reason="MISSING EXTRA: myst-parser")
    page = f"# Title\n\n```{{adviz}} {PRODUCT}\n:at: x=3,y=2\n```\n\n```{{adviz}} x^2\n```\n"
    built = build(tmp_path, {"index.md": page}, extensions=["myst_parser"])
    film = done(*WORDS["film"])
    assert film._repr_html_() in built.text("index.html")
    assert "index.md:7: WARNING: ^ is not an operator here" in built.warnings


# --- What is wrong -------------------------------------------------------------------------------

CODE = "__import__('os').mkdir('ran')"
WRONG: Mapping[str, tuple[str, str]] = {
    "a formula": (directive("3*x^2"), "^ is not an operator here (column 4 of the formula)"),
    "code": (directive(CODE), "a string is not part of an expression (columns 12-15"),
    "a function": (directive("os:getcwd"), "'os:getcwd' is code, which a document does not run"),
    "a gradient that is code": (
        directive("x*y", format="report", gradient="os:getcwd"),
        "'os:getcwd' is code, which a document does not run",
    ),
    "standard input": (directive("-"), "- is no formula; a document has no standard input"),
    "no formula": (directive(""), "there is no formula; write one such as"),
    "a point": (directive("x*y", at="x=3"), "the point gives no value for y"),
    "no point": (directive("x*y", format="table"), "the point gives no value for x, y"),
    "a domain": (
        directive("log(x - y)", at="x=1,y=2"),
        "log is undefined at -1.0 (node v1 = x - y",
    ),
    "a format": (
        directive("x*y", format="<b>"),
        ":format: '<b>' is none of film, drawing, table, report",
    ),
    "a word": (
        directive("x*y", at="x=1,y=2", mode="left"),
        "Invalid value for ':mode:': 'left' is",
    ),
    "an option of others": (
        directive("x*y", at="x=1,y=2", format="table", theme="dark"),
        ":theme: is no option of a table, which has :at:, :mode:,",
    ),
    "an option that stands alone": (
        directive("x*y", at="x=1,y=2", symbolic="yes"),
        ":symbolic: stands alone, without 'yes'",
    ),
    "a width": (directive("x*y", width="1; x"), ":width: '1; x' is no width; write 60%,"),
    "a file": (directive("there/is/none.json"), "cannot read"),
    "very much": (directive("9**9**9"), "a power of constants overflows"),
}


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("wrong")
    pages = {f"{k}.rst": f"Title\n=====\n\n{text}" for k, (text, _) in enumerate(WRONG.values())}
    index = ".. toctree::\n\n" + "".join(f"   {name}\n" for name in pages)
    return build(folder, {**pages, "index.rst": f"Title\n=====\n\n{index}"})


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_warning_with_its_line_and_stands_in_the_page(
    wrong: Built, case: str
) -> None:
    page, words = [*WRONG].index(case), WRONG[case][1]
    (said,) = re.findall(rf"/{page}\.rst:(\d+): WARNING: (.*)", wrong.warnings)
    assert said[0] == "6" and words in said[1]
    text = wrong.text(f"{page}.html")
    assert 'class="adviz-wrong admonition warning"' in text and words in unescape(text)
    assert "<b>" not in text


def test_nothing_that_is_written_is_run(wrong: Built) -> None:
    assert not [*wrong.folder.parent.parent.rglob("ran")] and not Path("ran").exists()


def test_a_warning_can_fail_the_build_and_can_be_kept_quiet(tmp_path: Path) -> None:
    from sphinx.errors import SphinxWarning

    page = {"index.rst": f"Title\n=====\n\n{directive('x^2')}"}
    try:
        assert build(tmp_path, page, "text", warningiserror=True).failed
    except SphinxWarning as error:  # at once, as Sphinx had it before version 8
        assert "index.rst:6:^ is not an operator here" in str(error)
    quiet = build(tmp_path, page, "text", freshenv=True, suppress_warnings=["adviz"])
    assert not quiet.failed and not quiet.warnings


HOSTILE = ["<script>alert(1)</script>", '" onload="alert(1)', "</style><b>", "'><img src=//e.x>"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_words_of_an_author_are_markup(text: str) -> None:
    shown = figure("x*y", {"alt": text}).html()
    assert f'aria-label="{escape(text)}"' in shown and text not in shown


# --- Built again, and by several -----------------------------------------------------------------


def test_only_what_has_changed_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adviz.save(adviz.build("x*y"), tmp_path / "f.json")
    pages = {
        "index.rst": f"Title\n=====\n\n.. toctree::\n\n   sub/a\n   b\n\n{directive('x + y')}",
        "sub/a.rst": f"Title\n=====\n\n{directive('../f.json')}",
        "b.rst": f"Title\n=====\n\n{directive('x - y')}",
    }
    first = build(tmp_path, pages, "text")
    assert {*first.read} == {"index", "sub/a", "b"} and "f(x, y) = x*y" in first.text("sub/a.txt")
    assert not build(tmp_path, pages, "text").read
    adviz.save(adviz.build("x/y"), tmp_path / "f.json")
    graph_changed = build(tmp_path, pages, "text")
    assert graph_changed.read == ("sub/a",) and "f(x, y) = x/y" in graph_changed.text("sub/a.txt")
    changed = {**pages, "b.rst": pages["b.rst"].replace("x - y", "y - x")}
    assert build(tmp_path, changed, "text").read == ("b",)
    monkeypatch.setattr(adviz, "__version__", "1000.0")
    assert len(build(tmp_path, changed, "text").read) == 3


def test_several_processes_write_what_one_writes(tmp_path: Path) -> None:
    names = [f"page{k}" for k in range(6)]  # from so many on, Sphinx reads side by side
    index = "Title\n=====\n\n.. toctree::\n\n" + "".join(f"   {name}\n" for name in names)
    pages = {
        f"{name}.rst": f"Title\n=====\n\n{directive(f'x*{k}')}" for k, name in enumerate(names)
    }
    pages["page5.rst"] += directive("x^2")
    one, two = (
        build(tmp_path / str(jobs), {"index.rst": index, **pages}, "html", jobs) for jobs in (1, 2)
    )
    for name in names:
        assert one.text(f"{name}.html") == two.text(f"{name}.html")
    for built in (one, two):
        assert built.warnings.count("WARNING") == 1 and "page5.rst:10: WARNING: ^" in built.warnings


# --- Its options ---------------------------------------------------------------------------------


def test_the_options_are_those_of_the_commands_but_for_files() -> None:
    from adviz.cli.words import shaping

    names = {name for command in COMMANDS.values() for name in shaping(command)}
    assert {*option_names()} == names | {*OF_THE_FIGURE}
    assert {"at", "mode", "step", "no-check", "near-kinks", "theme"} <= names
    assert not names & {"output", "open", "json", "help", "strict"}


def test_several_ranges_are_one_option() -> None:
    report = figure("x*y", {"format": "report", "range": "x=1:2 y=3:4", "points": "3"}).noun
    assert all(1 <= one["x"] <= 2 and 3 <= one["y"] <= 4 for one in report.points)


def test_a_missing_extra_is_one_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "adviz.plugins.sphinx", raising=False)
    monkeypatch.setitem(sys.modules, "sphinx.util", None)
    with pytest.raises(adviz.AdvizError) as caught:
        importlib.import_module("adviz.plugins.sphinx")
    said = "the directive adviz needs Sphinx; install it with: pip install 'adviz-graph[sphinx]'"
    assert str(caught.value) == said
