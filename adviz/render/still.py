"""A picture in an output cell: one image, which nobody who cleans outputs takes apart.

JupyterLab takes SVG out of the HTML of a notebook that is not trusted, and does not show an output
that is SVG; GitHub and nbviewer take from one what they do not know, and a PDF is made of one only
where there is Inkscape, without which nbconvert gives up. An image with its data all of them leave
alone. Its colours are those of the page, light or dark, as far as styles are left.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from html import escape
from typing import Literal

from adviz.render.adaptive import adaptive, schemes
from adviz.render.paint import paint
from adviz.render.plate import Plate
from adviz.render.roles import Theme
from adviz.render.svg import Palette, printable, printed
from adviz.scene.scene import Scene

_NAME = "adviz-still"
_LOOK = "max-width:100%;height:auto;color-scheme:light"


def still(seen: Scene | Plate, theme: Theme | Literal["auto"] = "auto") -> str:
    """Return the finished picture of a scene as an image.

    >>> import adviz
    >>> still(adviz.draw("x*y").scene, "light")[:75]
    '<div class="adviz-still"><img alt="f(x, y) = x · y: 3 nodes" src="data:imag'
    """
    look = Palette("light" if theme == "auto" else theme, bare=True)
    picture = printed(paint(seen), look)
    shown = adaptive(picture) if theme == "auto" else picture
    data = b64encode(shown.encode()).decode("ascii")
    words = escape(printable(seen.summary))
    image = f'<img alt="{words}" src="data:image/svg+xml;base64,{data}" style="{_LOOK}">'
    style = f"<style>{schemes(_NAME)}</style>" if theme == "auto" else ""
    return f'{style}<div class="{_NAME}">{image}</div>'


def bundle(
    forms: Mapping[str, Callable[[], str]],
    usual: Collection[str],
    include: Collection[str] | None,
    exclude: Collection[str] | None,
) -> dict[str, str]:
    """Return the forms of a noun that are asked for, each made only then; the usual ones, if none.

    `include` and `exclude` are what IPython's `display` was given.

    >>> bundle({"text/plain": lambda: "x", "image/png": lambda: "…"}, ["text/plain"], None, None)
    {'text/plain': 'x'}
    """
    wanted = {*(include or usual)} - {*(exclude or ())}
    return {kind: make() for kind, make in forms.items() if kind in wanted}
