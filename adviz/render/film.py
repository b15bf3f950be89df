"""The film as one SVG file: it plays inside an <img>, and at rest it is the finished picture.

Each shape is written once for every look it takes on, and CSS keyframes say when each look is
visible. Where style sheets do not animate, or motion is not wanted, nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from adviz.picture.curves import Box, Point, along
from adviz.picture.measure import width
from adviz.picture.scene import Scene
from adviz.picture.staging import signed
from adviz.render.paint import paint
from adviz.render.roles import Theme
from adviz.render.shapes import Group, Picture, Rect, Run, Shape, Text
from adviz.render.subtitles import height_below, subtitles
from adviz.render.svg import SERIF, Palette, attributes, number, printed, shape_markup, text_markup
from adviz.render.timeline import Shot, timeline

_MARGIN = 24.0
_NARROWEST = 560.0
_SAMPLES = 10


def film(scene: Scene, *, theme: Theme = "light", background: bool = True) -> bytes:
    """Return the film as an animated SVG file that repeats.

    >>> import adviz
    >>> from adviz.picture.scene import stage
    >>> scene = stage(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> len(film(scene)) < 40_000
    True
    """
    shots = list(timeline(scene))
    frames = [shot_picture(scene, shot) for shot in shots]
    wide = max(frame.width for frame in frames)
    high = max(frame.height for frame in frames)
    palette = Palette(theme, classes=False, serif={"class": "i"})
    reel = _Reel([shot.seconds for shot in shots], palette)
    body = "".join(reel.merged([Group("", frame.shapes) for frame in frames]))
    tokens = "".join(reel.token(scene, shot, k) for k, shot in enumerate(shots) if shot.token)
    whole = Picture(wide, high, (), frames[-1].title)
    moving = reel.style() + body + tokens
    return printed(whole, palette, background=background, extra=moving).encode()


def shot_picture(scene: Scene, shot: Shot) -> Picture:
    """Return a shot with its subtitles below; its token is left to the medium."""
    picture = paint(scene, shot.state)
    room = max(picture.width, _NARROWEST) - 2 * _MARGIN
    lines = subtitles(scene, shot.state, _MARGIN, picture.height, room)
    height = picture.height + height_below(lines, picture.height)
    return replace(
        picture, width=room + 2 * _MARGIN, height=height,
        shapes=(*picture.shapes, Group("subtitles", tuple(lines))),
    )  # fmt: skip


def token_shapes(scene: Scene, shot: Shot) -> tuple[Shape, ...]:
    """Return the pill that carries a shot's number, around the origin."""
    text = signed(scene.text(shot.token))
    wide = max(30.0, width(text, 13, "bold") + 18)
    role = shot.state.kind
    pill = Rect(Box(-wide / 2, -12, wide, 24), 12, role, "page", 2)
    return pill, Text(0, 4.6, (Run(text, "bold", "page"),), 13, "middle")


def token_path(scene: Scene, shot: Shot, samples: int = _SAMPLES) -> list[Point]:
    """Return where a shot's token is at even intervals of time, eased in and out."""
    frame = shot.state.frame
    if frame is None or frame.edge is None:
        return []
    cubics = list(scene.layout.curves[frame.edge].cubics())
    points = [along(cubic, k / 16) for cubic in cubics for k in range(17)]
    if shot.state.kind == "adjoint":
        points.reverse()
    lengths = [0.0, *accumulate(_distance(a, b) for a, b in zip(points, points[1:], strict=False))]
    parts = [_eased(k / samples) * lengths[-1] for k in range(samples + 1)]
    return [_at(points, lengths, part) for part in parts]


def _distance(a: Point, b: Point) -> float:
    return ((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5


def _eased(t: float) -> float:
    return 4 * t**3 if t < 0.5 else 1 - (2 - 2 * t) ** 3 / 2


def _at(points: Sequence[Point], lengths: Sequence[float], length: float) -> Point:
    """Return the point at a length along a polygon."""
    for k in range(1, len(points)):
        if length <= lengths[k]:
            span = lengths[k] - lengths[k - 1]
            part = (length - lengths[k - 1]) / span if span else 0.0
            a, b = points[k - 1], points[k]
            return Point(a.x + part * (b.x - a.x), a.y + part * (b.y - a.y))
    return points[-1]


class _Reel:
    """The looks of a film's shapes and the keyframes that switch between them."""

    def __init__(self, seconds: Sequence[float], palette: Palette) -> None:
        self.palette = palette
        self.starts = [0.0, *accumulate(seconds)]
        self.patterns: dict[tuple[bool, ...], str] = {}
        self.flights: list[str] = []

    def merged(self, looks: Sequence[Shape | None]) -> Iterator[str]:
        """Yield a shape's markup, given its look in every shot (None where it is absent)."""
        if all(look == looks[0] for look in looks) and looks[0] is not None:
            yield shape_markup(looks[0], self.palette)
        elif all(isinstance(look, Group) for look in looks) and not _as_one(looks):
            yield from self._group([look for look in looks if isinstance(look, Group)])
        else:
            for look in dict.fromkeys(look for look in looks if look is not None):
                shown = tuple(other == look for other in looks)
                hidden = {} if shown[-1] else {"opacity": "0"}
                yield f"<g{attributes({'class': self._class(shown), **hidden})}>"
                yield shape_markup(look, self.palette)
                yield "</g>"

    def _group(self, looks: Sequence[Group]) -> Iterator[str]:
        """Yield a group: its parts one by one, matched by what they are."""
        last = looks[-1]
        title = f"<title>{text_markup(last.title)}</title>" if last.title else ""
        opacity = {} if last.opacity == 1 else {"opacity": f"{last.opacity:g}"}
        plain = not title and not opacity
        yield "" if plain else f"<g{attributes(opacity)}>{title}"
        keyed = [_keyed(look.shapes) for look in looks]
        order = dict.fromkeys(key for shapes in keyed for key in shapes)
        for key in order:
            yield from self.merged([shapes.get(key) for shapes in keyed])
        yield "" if plain else "</g>"

    def _class(self, shown: tuple[bool, ...]) -> str:
        return self.patterns.setdefault(shown, f"k{len(self.patterns)}")

    def token(self, scene: Scene, shot: Shot, k: int) -> str:
        """Return a token's markup and keep its flight for the style sheet."""
        start, end = self.starts[k], self.starts[k + 1]
        path = token_path(scene, shot)
        name = f"t{k}"
        stops = [
            f"{self._percent(start + (end - start) * i / (len(path) - 1))}"
            f"{{opacity:1;transform:translate({number(p.x)}px,{number(p.y)}px)}}"
            for i, p in enumerate(path)
        ]
        first = f"0%,{self._percent(start, -0.01)}{{opacity:0;{stops[0].partition(';')[2][:-1]}}}"
        last = f"{self._percent(end, 0.01)},to{{opacity:0;{stops[-1].partition(';')[2][:-1]}}}"
        self.flights.append(
            f"@keyframes {name}{{{first}{''.join(stops)}{last}}}.{name}{{animation-name:{name}}}"
        )
        shapes = token_shapes(scene, shot)
        inner = "".join(shape_markup(shape, self.palette) for shape in shapes)
        return f'<g class="{name}" opacity="0">{inner}</g>'

    def _percent(self, seconds: float, shift: float = 0.0) -> str:
        return f"{100 * seconds / self.starts[-1] + shift:.2f}".rstrip("0").rstrip(".") + "%"

    def style(self) -> str:
        """Return the style sheet with a place for all that moves.

        It is written after the shapes are merged, since merging finds the patterns.
        """
        total = number(self.starts[-1])
        rules = [
            f"@keyframes {name}{{{self._switches(shown)}}}.{name}{{animation-name:{name}}}"
            for shown, name in self.patterns.items()
        ]
        timing = (
            f"[class^=k]{{animation:{total}s step-end infinite}}"
            f"[class^=t]{{animation:{total}s linear infinite}}"
        )
        moving = "".join([timing, *rules, *self.flights])
        italic = f".i{{font-family:{SERIF};font-style:italic}}"
        return f"<style>{italic}@media (prefers-reduced-motion:no-preference){{{moving}}}</style>"

    def _switches(self, shown: Sequence[bool]) -> str:
        """Return the moments at which a look appears and disappears."""
        moments = [
            (start, now)
            for start, now, before in zip(self.starts, shown, (None, *shown), strict=False)
            if now is not before
        ]
        return "".join(
            f"{self._percent(start)}{{opacity:{int(now)}}}"
            for start, now in moments
        )


def _as_one(looks: Sequence[Shape | None]) -> bool:
    """Return whether the parts of a group change together, so that it is switched as a whole."""
    groups = [look.shapes for look in looks if isinstance(look, Group)]
    if len({len(shapes) for shapes in groups}) != 1:
        return all(isinstance(part, Text) for shapes in groups for part in shapes)
    changes = [
        tuple(part != first for first, part in zip(groups, groups[1:], strict=False))
        for groups in zip(*groups, strict=True)
    ]
    return len(set(changes)) == 1


def _keyed(shapes: Sequence[Shape]) -> dict[tuple[object, ...], Shape]:
    """Return shapes by what they are, so that the same one is found in every shot."""
    keyed: dict[tuple[object, ...], Shape] = {}
    counts: dict[object, int] = {}
    for shape in shapes:
        if isinstance(shape, Group):
            kind = (shape.kind.split(" ")[0], shape.data, len(shape.shapes))
            calm = replace(shape, kind=kind[0], fill="")
            shape = calm
        else:
            kind = (type(shape).__name__, getattr(shape, "kind", ""), ())
        counts[kind] = counts.get(kind, 0) + 1
        keyed[(*kind, counts[kind])] = shape
    return keyed
