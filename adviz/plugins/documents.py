"""A formula in a document: what its options mean, and the form in which a medium takes it.

Its hosts are a directive of Sphinx and a fence of Markdown. Options are those of the command line,
written `:at: x=3,y=2` for `--at x=3,y=2`, and mean the same. What stands in a document is text: a
formula, or the name of a saved graph. Code that would be run is refused.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Collection, Iterator, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass
from html import escape
from io import StringIO
from types import MappingProxyType
from typing import Any

from adviz.cli.arguments import is_code
from adviz.cli.words import done, said, shaping
from adviz.errors import AdvizError
from adviz.language.asked import shown as repeated
from adviz.render import webfont
from adviz.render.adaptive import HOSTS

COMMANDS: Mapping[str, str] = MappingProxyType(
    {"film": "animate", "drawing": "draw", "table": "table", "report": "check"}
)
"""What a document can show, by `:format:`, and the command that makes it."""
OF_THE_FIGURE = ("format", "caption", "name", "alt", "width")
"""The options that say how it stands in the document; the others are the command's."""

_PICTURES = MappingProxyType(
    {"application/pdf": ".pdf", "image/svg+xml": ".svg", "image/png": ".png"}
)
"""The pictures that a medium may accept, the best one first."""
_OPTION = re.compile(r":([A-Za-z][\w-]*):(?:[ \t]+(.*))?")
_WIDTH = re.compile(r"(\d{1,5}(?:\.\d{1,5})?)(%|px|em|rem|ex|ch|pt|pc|mm|cm|in)?")
_HOST = "adviz-shown"
_THEMED = f".{_HOST} :is(.adviz, .adviz-report):not([data-theme])"
"""What has a theme of its own, unless it was asked for one."""
_STANDING = (
    f".{_HOST}{{margin:1em 0}}figure>.{_HOST}{{margin:1em auto}}"
    f"figure:has(>.{_HOST}){{width:auto}}"
    f"figure>.{_HOST} .adviz-rows table{{margin:0 auto!important}}"
    f".{_HOST} img{{filter:none!important;background:none!important}}"
    f".{_HOST} .adviz-report :is(h2,h3){{padding:0!important}}"
)
"""How it stands: alone; with a caption, as wide as there is room; with colours that are its own."""


@dataclass(frozen=True)
class Figure:
    """What is shown of a formula, how it is called, and how wide it is where that is said."""

    noun: Any
    """The film, the drawing, the table or the report."""
    alt: str = ""
    width: str = ""

    @property
    def called(self) -> str:
        """How a picture of it is called where it cannot be seen."""
        return self.alt or str(self.noun.scene.summary)

    def html(self) -> str:
        """Return it as a piece of a page, in the page's own theme.

        >>> page = figure("x*y", {"format": "table", "at": "x=3,y=2"}).html()
        >>> page[:25], page.count("<table")
        ('<div class="adviz-shown">', 1)
        """
        role = "img" if hasattr(self.noun, "pdf") else "group"  # what is in an image is not read
        called = f' role="{role}" aria-label="{escape(self.alt)}"' if self.alt else ""
        sized = f' style="width:{self.width}"' if self.width else ""
        shown = self._form("text/html")
        style = f"<style>{_looks(shown)}</style>"
        return f'<div class="{_HOST}"{called}{sized}>\n{style}\n{shown}\n</div>'

    def picture(self, accepted: Collection[str]) -> tuple[str, bytes] | None:
        """Return the suffix and the content of the best picture that a medium accepts, if any.

        >>> suffix, content = figure("x*y", {}).picture(["image/png", "image/svg+xml"])
        >>> suffix, content[:4]
        ('.svg', b'<svg')
        """
        kind = next((kind for kind in _PICTURES if kind in accepted), None)
        if kind is None or not hasattr(self.noun, "scene"):
            return None
        made = self._form(kind)
        return _PICTURES[kind], made.encode() if made.startswith("<") else b64decode(made)

    def latex(self) -> str | None:
        """Return it as LaTeX, which a table is."""
        return str(self.noun.latex()) if hasattr(self.noun, "latex") else None

    def text(self) -> str:
        """Return it in words."""
        return self._form("text/plain").strip("\n")

    def _form(self, kind: str) -> str:
        return str(self.noun._repr_mimebundle_(include=[kind])[kind])


def figure(formula: str, options: Mapping[str, str]) -> Figure:
    """Return what a formula and its options ask for; a film unless a `:format:` is named.

    Without a point, of which a film is, it is the drawing. Raises AdvizError for whatever is
    wrong, in the words of the command line.

    >>> figure("(x + y)*(x - y)", {"at": "x=3,y=2"}).noun
    <Animation f(x, y) = (x + y)(x − y): 5 nodes, 12 frames>
    >>> figure("x*y", {"format": "table", "symbolic": ""})
    Traceback (most recent call last):
    adviz.errors.AdvizError: :symbolic: is no option of a table, which has :at:, :mode:, ...
    """
    kind = options.get("format") or ("film" if options.get("at") else "drawing")
    if kind not in COMMANDS:
        raise AdvizError(f":format: {repeated(kind)} is none of {', '.join(COMMANDS)}")
    _refuse(formula)
    words = [word for name in options for word in _typed(kind, name, options[name])]
    try:
        with redirect_stderr(StringIO()):  # what a terminal is told of an option left out
            noun = done(COMMANDS[kind], [*words, "--", formula.strip()])
    except Exception as error:
        raise AdvizError(_as_written(said(error))) from None
    return Figure(noun, options.get("alt", ""), _width(options.get("width", "")))


def option_names() -> tuple[str, ...]:
    """Return what a figure of any format can be asked for.

    >>> option_names()[:8]
    ('format', 'caption', 'name', 'alt', 'width', 'at', 'mode', 'direction')
    """
    own = (name for command in COMMANDS.values() for name in shaping(command))
    return tuple(dict.fromkeys((*OF_THE_FIGURE, *own)))


def read(text: str) -> tuple[str, dict[str, str]]:
    """Return the formula and the options of a text with the options in its first lines.

    Raises AdvizError for an option that there is not, or that is there twice.

    >>> read(":at: x=3,y=2\\n:symbolic:\\n\\n(x + y)*(x - y)")
    ('(x + y)*(x - y)', {'at': 'x=3,y=2', 'symbolic': ''})
    """
    lines, options = text.strip().splitlines(), dict[str, str]()
    while lines and (option := _OPTION.fullmatch(lines[0].strip())):
        name, value = option.groups(default="")
        if name not in option_names():
            raise AdvizError(f"there is no option :{name}:; use {_listed(option_names())}")
        if name in options:
            raise AdvizError(f":{name}: is given twice")
        options[name] = value.strip()
        del lines[0]
    return "\n".join(lines).strip(), options


def _refuse(formula: str) -> None:
    """Raise AdvizError for what is no formula, nor a file's name."""
    if not formula.strip():
        raise AdvizError("there is no formula; write one such as (x + y)*(x - y)")
    if formula.strip() == "-":
        raise AdvizError("- is no formula; a document has no standard input to read one from")
    _refuse_code(formula.strip())


def _refuse_code(text: str) -> None:
    """Raise AdvizError for the name of a function, whose module would be run."""
    if is_code(text):
        raise AdvizError(
            f"{repeated(text)} is code, which a document does not run; write a formula, or save "
            "the graph (adviz.save) and name its .json"
        )


def _typed(kind: str, name: str, value: str) -> Iterator[str]:
    """Yield an option as the words of the command line that mean the same."""
    if name in OF_THE_FIGURE:
        return
    known, value = shaping(COMMANDS[kind]), " ".join(value.split())
    if name not in known:
        raise AdvizError(f":{name}: is no option of a {kind}, which has {_listed(known)}")
    _refuse_code(value)
    if known[name].is_flag and value:
        raise AdvizError(f":{name}: stands alone, without {repeated(value)}")
    if known[name].is_flag:
        yield f"--{name}"
        return
    several = value.split() if known[name].multiple else [value]
    yield from (f"--{name}={one}" for one in several)


def _listed(names: Collection[str]) -> str:
    return ", ".join(f":{name}:" for name in names)


def _as_written(words: str) -> str:
    """Return what is said of typed options in the form in which a document has them.

    >>> _as_written("Invalid value for '--mode' / '-m': 'x'"), _as_written("choose it with --of")
    ("Invalid value for ':mode:': 'x'", 'choose it with :of:')
    """
    names = "|".join(map(re.escape, option_names()))
    return re.sub(rf"(?<![\w-])--({names})\b(?![-])(?:' / '-\w)?", r":\1:", words)


def _width(text: str) -> str:
    """Return a width as a style sheet has it; a number alone is of pixels.

    >>> _width("60%"), _width("300"), _width(" 8.5 cm")
    ('60%', '300px', '8.5cm')
    """
    found = _WIDTH.fullmatch("".join(text.split()))
    if text.strip() and not found:
        raise AdvizError(f":width: {repeated(text.strip())} is no width; write 60%, 300px or 8.5cm")
    return f"{found[1]}{found[2] or 'px'}" if found else ""


def _looks(shown: str) -> str:
    """Return the rules of what is shown in a page: its room, its font, its theme.

    It is light or dark as the page around it is; a page that has no dark theme stays light,
    whatever its reader prefers elsewhere. What brings its font along by a script has no formulas
    to be set before it runs.
    """
    light, dark = (",".join(host[k] for host in HOSTS.values()) for k in range(2))
    font = f'{webfont.style(shown)}.{_HOST} math{{font-family:"{webfont.FAMILY}",math}}'
    return (
        f"{_STANDING}{font if '<math' in shown else ''}"
        f"@media screen{{{_THEMED}{{color-scheme:inherit!important}}"
        f":is({light}) {_THEMED}{{color-scheme:light!important}}"
        f":is({dark}) {_THEMED}{{color-scheme:dark!important}}}}"
    )
