"""Shapes in the language of PowerPoint: rectangles, curves, text boxes and groups that are its own.

DrawingML is that of ECMA-376, part 1, chapter 20; lengths are in EMU, 12 700 to a point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType

from adviz.render.film.placing import bounds
from adviz.render.roles import Theme, colour
from adviz.render.shapes import Group, Path, Rect, Run, Shape, Text
from adviz.render.svg import text_markup
from adviz.scene.geometry import Box, Position

POINT = 12_700
"""How many EMU a point has."""
_FONTS: Mapping[str, str] = MappingProxyType(
    {"sans": "Arial", "bold": "Arial", "roman": "Times New Roman", "italic": "Times New Roman"}
)
"""What every office has, and what is no wider than the letters that were measured."""
_LOOKS = {"bold": ' b="1"', "italic": ' i="1"'}
_SIDES = {"start": ("l", 0.0), "middle": ("ctr", 0.5), "end": ("r", 1.0)}
"""How a text is aligned, and which part of it is before its place."""
_ASCENT, _LINE = 0.92, 1.2
"""How far the top of a line is above its base line, and how high it is, as parts of its size."""
_ROUNDEST = 50_000


def kind_of(group: Group) -> str:
    """Return what a group is called unless its picture knows better."""
    return group.kind.partition(" ")[0] or "group"


@dataclass(frozen=True)
class Pen:
    """What shapes are drawn with on one slide."""

    theme: Theme
    scale: float
    """How many EMU a pixel has."""
    named: Callable[[Group], str] = kind_of
    ids: Iterator[int] = field(default_factory=lambda: count(2))
    """The number of each shape; that of all of them together is 1."""

    @property
    def ground(self) -> str:
        """The ground of a slide, as wide as it is."""
        return f"<p:bgPr>{self._filled('page', 1.0)}<a:effectLst/></p:bgPr>"

    def drawn(self, shapes: Iterable[Shape], opacity: float = 1.0) -> Iterator[str]:
        """Yield shapes as markup, from the lowest to the topmost."""
        for shape in shapes:
            if isinstance(shape, Group):
                yield from self._group(shape, opacity * shape.opacity)
            elif isinstance(shape, Rect):
                yield self._shape(
                    shape.kind or "box", shape.box, self._rounded(shape), shape, opacity
                )
            elif isinstance(shape, Path):
                yield self._path(shape, opacity)
            elif shape.words:
                yield self.text(shape, opacity=opacity)

    def _group(self, group: Group, opacity: float) -> Iterator[str]:
        inner = "".join(self.drawn(group.shapes, opacity))
        if not inner:
            return
        off, ext = self._place(bounds([group]))
        inside = off.replace("a:off", "a:chOff") + ext.replace("a:ext", "a:chExt")
        yield (
            f"<p:grpSp><p:nvGrpSpPr>{self._named(self.named(group), group.title)}"
            f"<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
            f"<p:grpSpPr><a:xfrm>{off}{ext}{inside}</a:xfrm></p:grpSpPr>{inner}</p:grpSp>"
        )

    def _named(self, name: str, about: str = "") -> str:
        said = f' descr="{text_markup(about)}"' if about else ""
        return f'<p:cNvPr id="{next(self.ids)}" name="{text_markup(name)}"{said}/>'

    def _shape(self, name: str, box: Box, geometry: str, shape: Rect | Path, opacity: float) -> str:
        off, ext = self._place(box)
        return (
            f"<p:sp><p:nvSpPr>{self._named(name)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
            f"<p:spPr><a:xfrm>{off}{ext}</a:xfrm>{geometry}"
            f"{self._filled(shape.fill, opacity)}{self._stroked(shape, opacity)}</p:spPr></p:sp>"
        )

    def _rounded(self, rect: Rect) -> str:
        least = min(rect.box.width, rect.box.height)
        if not rect.radius or not least:
            return '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        part = min(round(rect.radius / least * 100_000), _ROUNDEST)
        guide = f'<a:avLst><a:gd name="adj" fmla="val {part}"/></a:avLst>'
        return f'<a:prstGeom prst="roundRect">{guide}</a:prstGeom>'

    def _path(self, path: Path, opacity: float) -> str:
        """Return a curve as a freeform, whose points count from the corner of its box."""
        box = bounds([Path(path.curve)])
        wide, high = self.emu(box.width), self.emu(box.height)
        way = "".join(
            f"<a:{name}>{''.join(self._point(at, box) for at in points)}</a:{name}>"
            for name, points in _ways(path)
        )
        geometry = (
            "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
            '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
            f'<a:path w="{wide}" h="{high}">{way}</a:path></a:pathLst></a:custGeom>'
        )
        return self._shape(path.kind or "curve", box, geometry, path, opacity)

    def _point(self, at: Position, box: Box) -> str:
        return f'<a:pt x="{self.emu(at.x - box.x)}" y="{self.emu(at.y - box.y)}"/>'

    def text(self, text: Text, *, title: bool = False, opacity: float = 1.0) -> str:
        """Return a line of text as a box of its own, or as the title of the slide."""
        align, before = _SIDES[text.anchor]
        size = text.size * max(run.size for run in text.runs)
        box = Box(text.x - before * text.width, text.y - _ASCENT * size, text.width, _LINE * size)
        off, ext = self._place(box)
        kind = '<p:cNvSpPr/><p:nvPr><p:ph type="title"/></p:nvPr>' if title else _TEXT_BOX
        runs = "".join(self._run(run, text.size, size, opacity) for run in text.runs)
        return (
            f"<p:sp><p:nvSpPr>{self._named('title' if title else text.kind or 'text')}{kind}"
            f"</p:nvSpPr><p:spPr><a:xfrm>{off}{ext}</a:xfrm>"
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
            f'<p:txBody>{_TIGHT}<a:lstStyle/><a:p><a:pPr algn="{align}"/>{runs}</a:p></p:txBody>'
            "</p:sp>"
        )

    def _run(self, run: Run, size: float, line: float, opacity: float) -> str:
        """Return a run; one that is raised or lowered is made small by PowerPoint itself."""
        font, tall, rise = _FONTS[run.face], size * run.size, ""
        if run.rise:
            tall, rise = line, f' baseline="{round(100_000 * run.rise * size / line)}"'
        points = round(100 * tall * self.scale / POINT)
        look = _LOOKS.get(run.face, ' b="0"')
        return (
            f'<a:r><a:rPr lang="en-US" sz="{points}"{look}{rise}>'
            f'{self._filled(run.fill, opacity)}<a:latin typeface="{font}"/>'
            f'<a:cs typeface="{font}"/></a:rPr><a:t>{text_markup(run.text)}</a:t></a:r>'
        )

    def _filled(self, role: str, opacity: float) -> str:
        """Return a colour; one that is faint is mixed with the page, and covers what is below."""
        if not role:
            return "<a:noFill/>"
        inks = (bytes.fromhex(colour(one, self.theme)[1:]) for one in (role, "page"))
        mixed = (
            round(opacity * ink + (1 - opacity) * page) for ink, page in zip(*inks, strict=True)
        )
        return f'<a:solidFill><a:srgbClr val="{bytes(mixed).hex().upper()}"/></a:solidFill>'

    def _stroked(self, shape: Rect | Path, opacity: float) -> str:
        if not shape.stroke:
            return "<a:ln><a:noFill/></a:ln>"
        dashes = "".join(
            f'<a:ds d="{_in_widths(on, shape)}" sp="{_in_widths(off, shape)}"/>'
            for on, off in zip(shape.dash[::2], shape.dash[1::2], strict=True)
        )
        dash = f"<a:custDash>{dashes}</a:custDash>" if dashes else ""
        fill = self._filled(shape.stroke, opacity)
        return f'<a:ln w="{self.emu(shape.thickness)}">{fill}{dash}</a:ln>'

    def _place(self, box: Box) -> tuple[str, str]:
        x, y, wide, high = map(self.emu, box)
        return f'<a:off x="{x}" y="{y}"/>', f'<a:ext cx="{wide}" cy="{high}"/>'

    def emu(self, pixels: float) -> int:
        """Return a length in EMU."""
        return round(pixels * self.scale)


def _in_widths(length: float, shape: Rect | Path) -> int:
    """Return a length of a dash in thousandths of a percent of its line's width."""
    return round(100_000 * length / shape.thickness)


def _ways(path: Path) -> Iterator[tuple[str, Sequence[Position]]]:
    """Yield how a pen goes along a curve, and through which points."""
    yield "moveTo", (path.curve.start,)
    for piece in path.curve.pieces:
        yield ("cubicBezTo" if len(piece) == 3 else "lnTo"), piece


_TEXT_BOX = '<p:cNvSpPr txBox="1"/><p:nvPr/>'
_TIGHT = (
    '<a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></a:bodyPr>'
)
"""A box around its text, with nothing between."""
