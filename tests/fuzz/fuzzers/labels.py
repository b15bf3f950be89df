"""Labels: whatever a name says, it stays text in every format that adviz writes."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pygraphviz
import pypdf
from hypothesis import strategies as st

import adviz
from adviz.errors import AdvizError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.modes.trace import Trace
from adviz.render import FORMATS, renderer
from adviz.scene.scene import Mark
from adviz.scene.staging import stage
from fuzzers.fuzzer import Fuzzer

PIECES = (
    "</script>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "-->", "<!--", "]]>",
    "<![CDATA[", "&amp;", "&#0;", "&", "<", ">", '"', "'", "`", "\\", "\\N", "\\input{/etc/passwd}",
    "\\end{tabular}", "$", "$$", "%", "#", "#34;", "_", "^", "~", "{", "}", "{{}}", "|", ":::", ";",
    "\n", "\r", "\t", "\0", "\x1b[31m", "\x7f", "\u0085", "\u2028", "\u200b", "\u202e", "\u2066",
    "\ufeff", "\ufffe", "\ud800", "\udfff", "\U0001f642", "漢字", "é", "e\u0301", "(", ")", "[red]",
    "javascript:alert(1)", "x", "onload=", "style=", "=", "/", "*/", "//", "strict digraph {",
    "%00",
)  # fmt: skip
labels = st.lists(st.sampled_from(PIECES) | st.text(st.characters(), max_size=4), max_size=6).map(
    "".join
)


def graph_of(name: str) -> Graph:
    """Return a graph in which an input, a node and an output are called so."""
    builder = Builder()
    x = builder.input(name)
    square = builder.node("mul", (x, x))
    builder.names[f"{name} 2"] = square
    return builder.finish({f"{name} 3": builder.node("sin", (square,))})


_OF_WIDTH = {("td", "title"), ("th", "title")}
"""What a cell has where its formula is shortened: that depends on how wide the letters are."""


_OF_LETTERS = {"class", "dy", "fill", "font-family", "font-size", "font-style", "font-weight"}
"""What a piece of a text has: how many there are depends on which letters are italic."""


class _Elements(HTMLParser):
    """The elements of a page with the names of their attributes, as a browser finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[tuple[str, ...]] = Counter()
        self.is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs if (tag, name) not in _OF_WIDTH]
        if tag != "tspan" or not _OF_LETTERS.issuperset(names):
            self.found[tag, *names] += 1
        self.is_data = ("type", "application/json") in attrs

    def handle_data(self, data: str) -> None:
        if self.is_data:
            json.loads(data)

    def handle_endtag(self, tag: str) -> None:
        self.is_data = False

    def handle_comment(self, data: str) -> None:
        self.found["<!--",] += 1


def of_html(content: bytes) -> Any:
    """Return the elements of a page; the data in its scripts must be JSON."""
    parser = _Elements()
    parser.feed(content.decode("utf-8"))
    parser.close()
    return parser.found


def of_xml(content: bytes) -> Any:
    """Return the elements of a document with the names of their attributes."""
    root = ElementTree.fromstring(content.decode("utf-8"))  # noqa: S314 - written a moment ago
    return Counter((element.tag, *sorted(element.attrib)) for element in root.iter())


def of_svg(content: bytes) -> Any:
    """Return what elements and attributes there are: what stands where depends on the letters."""
    return {(tag, name) for tag, *names in of_xml(content) for name in ("", *names)}


def of_deck(content: bytes) -> Any:
    """Return which elements and attributes a deck has, but for parts of lines, made by letters."""
    return {word for words in of_html(content) for word in words} - {"tspan", "dx", "dy"}


def of_dot(content: bytes) -> Any:
    """Return nodes and edges as Graphviz reads them, with the names of their attributes."""
    read = pygraphviz.AGraph(string=content.decode("utf-8"))
    edges = sorted((edge[0], edge[1], *sorted(edge.attr.keys())) for edge in read.edges())
    return sorted((node, *sorted(node.attr.keys())) for node in read.nodes()), edges


def of_mermaid(content: bytes) -> Any:
    """Return the lines with their labels blotted out; a label holds only harmless characters."""
    text = content.decode("utf-8")
    harmless = r'"(?:[A-Za-z0-9 ,.=+()/]|#\d+;|<br/>)*"'
    return re.sub(harmless, '""', text)


def of_json(content: bytes) -> Any:
    """Return what a JSON reader finds, of which only texts may differ."""
    return _shape(json.loads(content))


def of_pdf(content: bytes) -> Any:
    """Return the pages, and what in them could act."""
    reader = pypdf.PdfReader(io.BytesIO(content), strict=True)
    return sorted(reader.root_object), [sorted(page) for page in reader.pages]


def of_png(content: bytes) -> Any:
    """Return the kinds of chunks."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n") and content.endswith(b"IEND\xaeB`\x82")
    return [kind for kind in (b"tEXt", b"zTXt", b"iTXt") if kind in content]


def of_latex(content: bytes) -> Any:
    """Return what structures a table: its environments, lines and columns, and open groups."""
    text = re.sub(r"\\(?:[{}$&#_%]|text\w+)", "", content.decode("utf-8"))
    structure = Counter(re.findall(r"\\(?:begin|end)\{\w*\}|\\\\|(?<!\\)[&$]", text))
    assert "%" not in text and "\\input" not in text
    return structure, text.count("{") - text.count("}")


def of_markdown(content: bytes) -> Any:
    """Return how many cells each line has, and that no element begins."""
    text = content.decode("utf-8")
    assert not re.search(r"(?<!\\)<[a-z!/]", text)
    return [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines()]


def _shape(data: Any) -> Any:
    if isinstance(data, dict):
        return sorted(map(repr, map(_shape, data.values())))
    return [_shape(each) for each in data] if isinstance(data, list) else type(data).__name__


READERS: Mapping[str, Callable[[bytes], Any]] = {
    ".svg": of_svg, ".graphml": of_xml, ".html": of_html, ".dot": of_dot, ".gv": of_dot,
    ".mmd": of_mermaid, ".json": of_json, ".pdf": of_pdf, ".png": of_png,
    ".reveal.html": of_deck,
}  # fmt: skip
"""What of a file's content must not depend on what its labels say, by suffix; frames, PowerPoint
and texts set their words in lines, and have tests of their own."""
TABLES: Mapping[str, tuple[Callable[[Trace], str], Callable[[bytes], Any]]] = {
    "table, LaTeX": (lambda trace: adviz.table(trace).latex(), of_latex),
    "table, HTML": (lambda trace: adviz.table(trace).html(), of_html),
    "table, Markdown": (lambda trace: adviz.table(trace).markdown(), of_markdown),
}


def structures(name: str) -> dict[str, Any]:
    """Return what every writer makes of a graph with that name, with the labels left out."""
    trace = adviz.reverse(graph_of(name), {name: 2.0})
    scene = stage(trace, {0: Mark("fault", name)})
    found = {
        f"{each.noun} {each.suffix}": READERS[each.suffix](renderer(each.suffix, each.noun)(scene))
        for each in FORMATS
        if each.suffix in READERS
    }
    found |= {n: read(write(trace).encode("utf-8")) for n, (write, read) in TABLES.items()}
    report = adviz.check(trace.graph, at={name: 2.0})
    return found | {"report": of_html(report.html().encode("utf-8"))}


@cache
def _harmless(length: int) -> dict[str, Any]:
    return structures("a" * length)


def law(name: str) -> str:
    """Compare what the label is in with what a harmless one of the same length is in."""
    try:
        found = structures(name)
    except AdvizError as error:
        assert len(str(error)) < 1000
        return type(error).__name__
    wanted = _harmless(len(name))
    for writer, structure in found.items():
        assert structure == wanted[writer], f"{writer}: {structure}, not {wanted[writer]}"[:900]
    return "text"


FUZZER = Fuzzer(
    "labels",
    "Names of inputs, nodes, outputs and marks out of markup, LaTeX, control characters, halves of "
    "characters, directions of writing. Every format is read by a strict parser and has the "
    "elements, attributes, cells and fields of the same picture with harmless names.",
    labels,
    law,
    examples=14,
)
