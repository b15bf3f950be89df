"""A picture as a page in which a click opens a part: what is in it is a picture further down.

There is no script: a part is a link, and the style sheet shows what the address points to. Printed,
every picture stands there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from html import escape

from adviz.language.notation import unicode_text
from adviz.render.html import colours
from adviz.render.paint import paint
from adviz.render.policy import protected
from adviz.render.shapes import Group, Shape
from adviz.render.style_sheet import Sheet
from adviz.render.svg import printable, printed
from adviz.render.web import WebTheme
from adviz.scene.scene import Node, Scene
from adviz.scene.text_width import shortened

_STYLE = """
body { margin: 0; padding: 12px; font: 14px system-ui, sans-serif; }
body { background: var(--page); color: var(--ink); }
figure { margin: 0; overflow-x: auto; }
section { display: none; border-top: 1px solid var(--line); margin-top: 12px; }
section:target { display: block; }
h1, h2 { font-size: 16px; }
a { color: inherit; }
svg a { cursor: pointer; }
svg a :where(.symbol, .operation) { text-decoration: underline dotted; }
@media print { section { display: block; break-inside: avoid; } }
"""
_LONGEST, _SIZE = 380.0, 16.0
"""How long the operation in a heading may be, and the size of its letters, in pixels."""
_THEMES = {"auto": "light dark", "light": "light", "dark": "dark"}


def document(scene: Scene, *, theme: WebTheme = "auto") -> bytes:
    """Return a picture as one self-contained page, in which a click opens a part.

    >>> import adviz
    >>> text = "; ".join(f"h{k + 1} = tanh(w*h{k} + b)" for k in range(30))
    >>> document(adviz.draw(text).scene).count(b"<section")
    30
    """
    sheet = Sheet()
    content = "".join(_pictures(scene, sheet))
    title = _text(unicode_text(scene.title, scene.text))
    scheme = f":root {{ color-scheme: {_THEMES[theme]}; }}"
    return protected(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n<link rel="icon" href="data:,">\n'
        f"<style>{scheme}\n{colours(':root')}{_STYLE}</style>\n{sheet.style}\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{content}</main>\n</body>\n</html>"
    ).encode()


def _pictures(scene: Scene, sheet: Sheet) -> Iterator[str]:
    """Yield the picture of the whole, and of what is in its parts, level by level."""
    yield _figure(scene, sheet, "part")
    ahead = deque((scene, part, "part", "") for part in scene.inside)
    while ahead:
        outer, part, above, way = ahead.popleft()
        inner, name = outer.inside[part], f"{above}-{part}"
        node = outer.nodes[part]
        called = _text(unicode_text(node.symbol))
        back = f'{way}<a href="#{above}">{"whole" if above == "part" else "…"}</a> › '
        heading = f"<h2>{back}{called}: {_text(_operation(node))}</h2>"
        yield f'<section id="{name}">{heading}\n{_figure(inner, sheet, name)}</section>\n'
        ahead.extend((inner, one, name, back) for one in inner.inside)


def _figure(scene: Scene, sheet: Sheet, name: str) -> str:
    """Return a picture, in which whatever can be opened is a link."""
    picture, opens = paint(scene), frozenset(map(str, scene.inside))
    shapes = tuple(_linked(shape, opens, name) for shape in picture.shapes)
    return f"<figure>{printed(replace(picture, shapes=shapes), sheet, background=False)}</figure>\n"


def _linked(shape: Shape, opens: frozenset[str], name: str) -> Shape:
    """Return a node that can be opened as a link to what is in it, anything else as it is."""
    if not isinstance(shape, Group):
        return shape
    node = dict(shape.data).get("node", "")
    return replace(shape, link=f"#{name}-{node}") if node in opens else shape


def _operation(node: Node) -> str:
    """Return what a node computes as text, not too long for a heading."""
    words = "input" if node.operation is None else unicode_text(node.operation)
    return shortened(words, _LONGEST, _SIZE)


def _text(text: str) -> str:
    return escape(printable(text))
