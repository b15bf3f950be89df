"""The film as slides of PowerPoint, one a step: shapes, words and notes that can be edited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from adviz.errors import needing
from adviz.language.notation import unicode_text
from adviz.render.film.compose import Composer
from adviz.render.film.media import LOOKS, Medium
from adviz.render.film.play import Progress
from adviz.render.shapes import Group, Shape, Text
from adviz.render.slides.drawingml import Pen, kind_of
from adviz.render.slides.step import Slide, slides
from adviz.render.svg import printable
from adviz.scene.scene import Scene

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_SIDE = 12_192_000
"""The longer side of a slide in EMU: 13⅓ inches, as PowerPoint's own wide slides have."""
_TITLE_ONLY = 5
_EPOCH = datetime(2000, 1, 1)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)


def _presentation(made: Composer, progress: Progress | None = None) -> bytes:
    """Return a film as a presentation; the same film gives the same bytes.

    Raises AdvizError where python-pptx is missing.
    """
    with needing("pptx", "slides of PowerPoint need python-pptx"):
        from pptx import Presentation
    file, shown = Presentation(), slides(made)
    size = made.asked.size
    scale = _SIDE / max(size)
    _sized(file, round(size.width * scale), round(size.height * scale))
    _described(file, shown[0].picture.title)
    for k, slide in enumerate(shown, 1):
        _add(file, slide, Pen(made.asked.theme, scale, partial(name_of, made.scene)))
        if progress:
            progress(k, len(shown))
    return _timeless(file)


def name_of(scene: Scene, group: Group) -> str:
    """Return what a group of a picture is called where it can be chosen from a list.

    >>> import adviz
    >>> scene = adviz.draw("x*y").scene
    >>> name_of(scene, Group("node output", (), (("node", "2"),)))
    'node v₁'
    >>> name_of(scene, Group("edge", (), (("edge", "1"),)))
    'edge y → v₁'
    """
    kind, data = kind_of(group), dict(group.data)
    if "edge" in data:
        edge = scene.edges[int(data["edge"])]
        return f"{kind} {_symbol(scene, edge.tail)} → {_symbol(scene, edge.head)}"
    node = data.get("node", data.get("row", ""))
    return f"{kind} {_symbol(scene, int(node))}" if node.isdecimal() else kind


def _symbol(scene: Scene, node: int) -> str:
    return unicode_text(scene.graph.leaf(node))


def _sized(file: Presentation, width: int, height: int) -> None:
    """Give slides a size, and what the masters hold for further ones its place in it."""
    from pptx.util import Emu

    across, down = width / (file.slide_width or 1), height / (file.slide_height or 1)
    file.slide_width, file.slide_height = Emu(width), Emu(height)
    masters = (file.slide_master, *file.slide_layouts)
    held = [shape for master in masters for shape in master.placeholders]
    places = [(one.left, one.top, one.width, one.height) for one in held]
    for one, place in zip(held, places, strict=True):  # a layout has its places from the master
        left, top, wide, high = place
        one.left, one.width = round(left * across), round(wide * across)
        one.top, one.height = round(top * down), round(high * down)


def _described(file: Presentation, title: str) -> None:
    about = file.core_properties
    about.title, about.author, about.last_modified_by = printable(title)[:255], "adviz", "adviz"
    about.created = about.modified = _EPOCH


def _add(file: Presentation, slide: Slide, pen: Pen) -> None:
    """Add a slide: its ground, its title, its shapes and its notes."""
    from pptx.oxml import parse_xml

    made = file.slides.add_slide(file.slide_layouts[_TITLE_ONLY])
    tree = made.shapes._spTree  # python-pptx has no call for markup of one's own
    for empty in list(made.placeholders):
        tree.remove(empty._element)
    tree.addprevious(parse_xml(f"<p:bg {_NAMESPACES}>{pen.ground}</p:bg>"))
    markup = "".join(_drawn(slide.picture.shapes, pen))
    for element in parse_xml(f"<p:spTree {_NAMESPACES}>{markup}</p:spTree>"):
        tree.append(element)
    notes = made.notes_slide.notes_text_frame
    if notes is not None:
        notes.text = printable(slide.notes)


def _drawn(shapes: Iterable[Shape], pen: Pen) -> Iterator[str]:
    """Yield shapes as markup; the first line of the statements is the slide's title."""
    for shape in shapes:
        if isinstance(shape, Group) and shape.kind == "statements" and shape.shapes:
            first, *rest = shape.shapes
            if isinstance(first, Text):
                yield pen.text(first, title=True)
            yield from pen.drawn(rest)
        else:
            yield from pen.drawn([shape])


def _timeless(file: Presentation) -> bytes:
    """Return a presentation as a file that does not say when it was written."""
    written, made = BytesIO(), BytesIO()
    file.save(written)
    with ZipFile(written) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return made.getvalue()


pptx = Medium(_presentation, "720p", LOOKS)
