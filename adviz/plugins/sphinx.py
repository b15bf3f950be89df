"""The extension of Sphinx: the directive `adviz`, which puts a formula's film into a document.

`extensions = ["adviz.plugins.sphinx"]`, and in a document

    .. adviz:: (x + y)*(x - y)
       :at: x=3,y=2

What is shown is made while the document is read, so that a warning has its line; in which form it
stands is decided as a builder writes it, so that all builders share what was read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from textwrap import dedent
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

import adviz
from adviz.errors import AdvizError, needing
from adviz.files import write
from adviz.language.ascii import lines_in_ascii
from adviz.plugins.documents import Figure, figure, option_names

with needing("sphinx", "the directive adviz needs Sphinx"):
    from docutils import nodes
    from docutils.parsers.rst import directives
    from sphinx.util import logging
    from sphinx.util.docutils import SphinxDirective

_LOGGER = logging.getLogger(__name__)
_SAVED = ".json"


def setup(app: Any) -> dict[str, Any]:
    """Give a project of Sphinx the directive; a document is read anew for another adviz."""
    app.add_config_value("adviz_version", adviz.__version__, "env", (str,))
    app.add_latex_package("booktabs")
    app.add_directive("adviz", Adviz)
    app.add_node(Shown)
    app.connect("doctree-resolved", _take_form)
    return {
        "version": adviz.__version__,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


class Shown(nodes.General, nodes.Element):  # type: ignore[misc]  # of which mypy is told nothing
    """Where a figure stands in a document: as a value, or what is said in its place."""


class Adviz(SphinxDirective):  # type: ignore[misc]  # of which mypy is told nothing
    """A formula, in the first line or below it, and the options of the command line.

    With a `:caption:` or a `:name:` it is a figure, numbered and referred to like others.
    """

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], str]]] = dict.fromkeys(
        option_names(), directives.unchanged
    )

    def run(self) -> list[Any]:
        """Return the figure, or where something is wrong a warning in its place."""
        formula = "\n".join([*self.arguments, *self.content])
        shown = Shown()
        self.set_source_info(shown)
        try:
            shown["figure"] = figure(self._found(formula), self.options)
        except AdvizError as error:
            _warn(shown, error)
        return [self._framed(shown)]

    def _found(self, formula: str) -> str:
        """Return a formula as it is, and the name of a file as seen from the document."""
        if not formula.strip().endswith(_SAVED):
            return formula
        within, path = self.env.relfn2path(formula.strip())
        self.env.note_dependency(within)
        return str(path)

    def _framed(self, shown: Shown) -> Any:
        """Return what is shown, with its caption and under its name, if there are any."""
        caption = self.options.get("caption", "")
        if not caption and "name" not in self.options:
            return shown
        frame = nodes.figure("", shown)
        self.set_source_info(frame)
        if caption:
            said, wrong = self.state.inline_text(caption, self.lineno)
            frame += nodes.caption(caption, "", *said, *wrong)
        self.add_name(frame)
        return frame


class Place(NamedTuple):
    """Where a figure is written: by which builder, in which document."""

    app: Any
    document: str


def _take_form(app: Any, document: Any, name: str) -> None:
    """Put into a document that is about to be written what its builder can show."""
    builder, place = app.builder, Place(app, name)
    form = _FORMS.get(builder.name) or _FORMS.get(builder.format, _pictured)
    for shown in [*document.findall(Shown)]:
        taken = _tried(form, shown, place)
        shown.replace_self(_refused(shown["said"], builder.format) if taken is None else taken)


def _tried(form: Form, shown: Shown, place: Place) -> Any:
    """Return a figure in a form; None where something is wrong, and has been said."""
    try:
        return form(shown["figure"], place) if "figure" in shown else None
    except AdvizError as error:
        return _warn(shown, error)


def _warn(shown: Shown, error: AdvizError) -> None:
    shown["said"] = str(error)
    _LOGGER.warning("%s", error, location=shown, type="adviz")


def _hypertext(figure: Figure, _: Place) -> Any:
    """Return a figure for a page: the film plays, a picture has the page's theme."""
    return nodes.raw("", figure.html(), format="html")


def _typeset(figure: Figure, place: Place) -> Any:
    """Return a figure for LaTeX: a table as such, else a picture, else words in ASCII."""
    table = figure.latex()
    if table is not None:
        return nodes.raw("", f"\\begin{{center}}\n{table}\n\\end{{center}}", format="latex")
    return _picture(figure, place) or _literal(lines_in_ascii(figure.text()))


def _pictured(figure: Figure, place: Place) -> Any:
    """Return a figure as the best picture that a builder takes, else in words."""
    return _picture(figure, place) or _literal(figure.text())


Form = Callable[[Figure, Place], Any]
_FORMS: Mapping[str, Form] = MappingProxyType(
    {"epub": _pictured, "html": _hypertext, "latex": _typeset}
)
"""In which form a figure stands, by the name of a builder or of its format; others are pictured."""


def _picture(figure: Figure, place: Place) -> Any:
    """Return a figure as an image in a file, where the builder takes one.

    Sphinx carries the file to where the builder has its images; its name is that of its bytes.
    """
    app, found = place.app, figure.picture(place.app.builder.supported_image_types)
    if found is None:
        return None
    suffix, content = found
    folder = Path(app.doctreedir) / "adviz"
    folder.mkdir(parents=True, exist_ok=True)
    path = str(folder / f"adviz-{sha256(content).hexdigest()[:16]}{suffix}")
    write(path, content)
    app.env.images.add_file(place.document, path)
    sized = {"width": figure.width} if figure.width else {}
    return nodes.image("", uri=path, candidates={"*": path}, alt=figure.called, **sized)


def _literal(text: str) -> Any:
    return nodes.literal_block(text, text, language="none")


def _refused(said: str, form: str) -> Any:
    """Return what stands in a figure's place, so that there is no hole where it should be."""
    first, *shown = (lines_in_ascii(said) if form == "latex" else said).split("\n")
    place = [_literal(dedent("\n".join(shown)))] if shown else []
    return nodes.warning("", nodes.paragraph(first, first), *place, classes=["adviz-wrong"])
