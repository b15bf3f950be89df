"""A figure as a file of LaTeX: a TikZ picture for `\\input`, or a document of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from adviz.language.notation import unicode_text
from adviz.language.notation.tex_signs import LETTER, in_ascii
from adviz.render.figure.asked import asked
from adviz.render.figure.compose import Page, composed
from adviz.render.figure.lengths import PIXELS_PER_POINT
from adviz.render.figure.ranks import Size
from adviz.render.latex.styles import preamble
from adviz.render.latex.tikz import CENTIMETRES, at, items
from adviz.render.roles import Theme
from adviz.scene.geometry import Position
from adviz.scene.scene import Scene

PACKAGES = r"\usepackage{amsmath, tikz}\usetikzlibrary{arrows.meta}"
"""What the preamble of a document needs."""


def drawing(shown: Scene | Page, *, theme: Theme = "light", standalone: bool = False) -> bytes:
    r"""Return a figure as a TikZ picture, or as a document whose only page is as large as it.

    A scene is composed as wide as it is, with text of 10 points.

    >>> import adviz
    >>> print(drawing(adviz.draw("x*y").scene).decode().splitlines()[-2])
      \node[adviz partial] at (0.993, 0.48) {$x$};
    """
    page = shown if isinstance(shown, Page) else composed(shown, asked())
    lines = [*_use(), *picture(page, [item.shown() for item in items(page)], theme)]
    return content(page.now.scene, document(page, lines) if standalone else lines)


def _use() -> Iterator[str]:
    """Yield how the file is used, as comments."""
    yield f"% A picture for \\input; the preamble needs {PACKAGES}."
    yield from RESTYLED


RESTYLED = (
    "% Styles and colours that are set before it are added to those below, and win, as in",
    r"% \tikzset{adviz edge/.style={thick}} and \definecolor{adviz-adjoint}{named}{red}.",
)
"""How an author changes the looks, as comments."""


def picture(
    page: Page, commands: Iterable[str], theme: Theme, size: Size | None = None
) -> Iterator[str]:
    """Yield a picture as large as a page, unless given, in the styles that its commands name."""
    wide, high = size or page.size
    corner = at(page, Position(wide, page.size[1] - high))
    ground = "fill=adviz-page, " * (theme == "dark")
    body = [
        r"\tikzset{adviz picture}",
        f"\\path[{ground}use as bounding box] (0, 0) rectangle {corner};",
        *commands,
    ]
    letters, style = page.em / PIXELS_PER_POINT, page.fitting.asked.style
    yield r"\begin{tikzpicture}[line join=round]"
    for line in (*preamble("\n".join(body), style, letters, theme), *body):
        yield f"  {line}"
    yield r"\end{tikzpicture}%"


def document(page: Page, lines: Sequence[str]) -> list[str]:
    """Return a picture in a document whose only page is as large as the picture."""
    wide, high = (f"{side * CENTIMETRES:.3f}cm" for side in page.size)
    return [
        r"\documentclass{article}",
        f"\\usepackage[paperwidth={wide}, paperheight={high}, margin=0pt]{{geometry}}",
        PACKAGES,
        r"\pagestyle{empty}\setlength{\parindent}{0pt}\setlength{\topskip}{0pt}",
        r"\begin{document}",
        *lines,
        r"\end{document}",
    ]


def content(scene: Scene, lines: Sequence[str]) -> bytes:
    """Return lines as the content of a file that says what is seen in it."""
    text = in_ascii("\n".join(lines))
    letter = [LETTER] if r"\advizletter" in text else []
    return "\n".join([f"% {_titled(scene)}", *letter, text, ""]).encode()


def _titled(scene: Scene) -> str:
    """Return what is seen, on one line of ASCII."""
    place = f" at {unicode_text(scene.point, scene.text)}" if scene.point else ""
    title = unicode_text(scene.title, scene.text) + place
    return "".join(c if c.isprintable() else " " for c in title)
