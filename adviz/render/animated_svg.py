"""The film as one SVG file: it plays inside an <img>, and at rest it is the finished picture.

Each shape is written once for every look it takes on, and CSS keyframes say when each look is
visible. Where style sheets do not animate, or motion is not wanted, nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from adviz.render.paint import paint
from adviz.render.roles import Theme
from adviz.render.shapes import Group, Picture, Shape, Text
from adviz.render.subtitles import height_below, subtitles
from adviz.render.svg import MATH, Palette, number, printed, shape_markup
from adviz.render.timeline import Shot, timeline
from adviz.render.tokens import token_path, token_shapes
from adviz.scene.layout import MARGIN
from adviz.scene.scene import Scene

_NARROWEST = 560.0
_INK = "ink"
_FACES = {"sans": {}, "bold": {"class": "b"}, "roman": {"class": "m"}, "italic": {"class": "i"}}
_FACE_RULES = f".b{{font-weight:700}}.m,.i{{font-family:{MATH}}}.i{{font-style:italic}}"


def animation(
    scene: Scene,
    *,
    theme: Theme = "light",
    background: bool = True,
    seconds: float | None = None,
) -> bytes:
    """Return the film as an animated SVG file that repeats; a step takes so many seconds.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> scene = stage(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> len(animation(scene)) < 42_000
    True
    """
    shots = list(timeline(scene, seconds))
    frames = [shot_picture(scene, shot) for shot in shots]
    wide = max(frame.width for frame in frames)
    high = max(frame.height for frame in frames)
    palette = Palette(theme, bare=True, faces=_FACES)
    reel = _Reel([shot.seconds for shot in shots], palette)
    body = "".join(reel.merged([Group("", frame.shapes) for frame in frames]))
    tokens = "".join(reel.token(scene, shot, k) for k, shot in enumerate(shots) if shot.token)
    whole = Picture(wide, high, (), frames[-1].title)
    moving = f'{reel.style()}<g fill="{palette[_INK]}">{body}{tokens}</g>'
    return printed(whole, palette, background=background, extra=moving).encode()


def shot_picture(scene: Scene, shot: Shot) -> Picture:
    """Return a shot with its subtitles below; its token is left to the medium."""
    picture = paint(scene, shot.state)
    room = max(picture.width, _NARROWEST) - 2 * MARGIN
    lines = subtitles(scene, shot.state, MARGIN, picture.height, room)
    height = picture.height + height_below(lines, picture.height)
    return replace(
        picture, width=room + 2 * MARGIN, height=height,
        shapes=(*picture.shapes, Group("subtitles", tuple(lines))),
    )  # fmt: skip


class _Reel:
    """The looks of a film's shapes, and the keyframes that switch between them."""

    def __init__(self, seconds: Sequence[float], palette: Palette) -> None:
        self.palette = palette
        self.starts = [0.0, *accumulate(seconds)]
        self.patterns: dict[tuple[bool, ...], str] = {}
        self.flights: list[str] = []

    def merged(self, looks: Sequence[Shape | None]) -> Iterator[str]:
        """Yield a shape's markup, given its look in every shot (None where it is absent)."""
        first = looks[0]
        groups = [look for look in looks if isinstance(look, Group)]
        if first is not None and all(look == first for look in looks):
            yield shape_markup(first, self.palette, _INK)
        elif len(groups) == len(looks) and not (_fades(groups) or _changes_as_one(groups)):
            yield from self._group(groups)
        else:
            for look in dict.fromkeys(look for look in looks if look is not None):
                yield self._switched(look, tuple(other == look for other in looks))

    def _group(self, looks: Sequence[Group]) -> Iterator[str]:
        """Yield a group: its parts one by one, matched by what they are."""
        faded = looks[-1].opacity != 1
        yield f'<g opacity="{looks[-1].opacity:g}">' if faded else ""
        keyed = [_keyed(look.shapes) for look in looks]
        for key in dict.fromkeys(key for shapes in keyed for key in shapes):
            yield from self.merged([shapes.get(key) for shapes in keyed])
        yield "</g>" if faded else ""

    def _switched(self, look: Shape, shown: tuple[bool, ...]) -> str:
        """Return a look that is visible in some shots; at rest it is as in the last one."""
        name = self.patterns.setdefault(shown, f"k{len(self.patterns)}")
        rest = "" if shown[-1] else ' opacity="0"'
        markup = shape_markup(look, self.palette, _INK)
        return f'<g class="{name}"{rest}>{markup}</g>'

    def token(self, scene: Scene, shot: Shot, k: int) -> str:
        """Return a token's markup and keep its flight for the style sheet."""
        start, end = self.starts[k], self.starts[k + 1]
        path = token_path(scene, shot)
        places = [f"transform:translate({number(p.x)}px,{number(p.y)}px)" for p in path]
        times = [start + (end - start) * i / (len(path) - 1) for i in range(len(path))]
        shown = ["opacity:1;", *[""] * (len(path) - 2), "opacity:1;"]
        stops = [
            f"{self._percent(time)}{{{visible}{place}}}"
            for time, visible, place in zip(times, shown, places, strict=True)
        ]
        before = f"0%,{self._percent(start, -0.01)}{{opacity:0;{places[0]}}}"
        after = f"{self._percent(end, 0.01)},to{{opacity:0;{places[-1]}}}"
        rule = f"@keyframes t{k}{{{before}{''.join(stops)}{after}}}.t{k}{{animation-name:t{k}}}"
        self.flights.append(rule)
        inner = "".join(shape_markup(s, self.palette, _INK) for s in token_shapes(scene, shot))
        return f'<g class="t{k}" opacity="0">{inner}</g>'

    def _percent(self, seconds: float, shift: float = 0.0) -> str:
        return f"{100 * seconds / self.starts[-1] + shift:.2f}".rstrip("0").rstrip(".") + "%"

    def style(self) -> str:
        """Return the style sheet of all that has been merged so far."""
        total = number(self.starts[-1])
        timing = (
            f"[class^=k]{{animation:{total}s step-end infinite}}"
            f"[class^=t]{{animation:{total}s linear infinite}}"
        )
        switches = [
            f"@keyframes {name}{{{self._switches(shown)}}}.{name}{{animation-name:{name}}}"
            for shown, name in self.patterns.items()
        ]
        moving = "".join([timing, *switches, *self.flights])
        calm = "@media (prefers-reduced-motion:no-preference)"
        return f"<style>{_FACE_RULES}{calm}{{{moving}}}</style>"

    def _switches(self, shown: Sequence[bool]) -> str:
        """Return the moments at which a look appears and disappears."""
        changes = zip(self.starts, shown, (None, *shown), strict=False)
        return "".join(
            f"{self._percent(start)}{{opacity:{int(now)}}}"
            for start, now, before in changes
            if now is not before
        )


def _fades(groups: Sequence[Group]) -> bool:
    """Return whether a group is seen more at one time than at another."""
    return len({group.opacity for group in groups}) > 1


def _changes_as_one(groups: Sequence[Group]) -> bool:
    """Return whether the parts of a group change together, so that it is switched as a whole."""
    shapes = [group.shapes for group in groups]
    if len({len(parts) for parts in shapes}) != 1:
        return all(isinstance(part, Text) for parts in shapes for part in parts)
    changes = {
        tuple(now != before for before, now in pairwise(looks))
        for looks in zip(*shapes, strict=True)
    }
    return len(changes) == 1


def _keyed(shapes: Sequence[Shape]) -> dict[tuple[object, ...], Shape]:
    """Return shapes by what they are, so that the same one is found in every shot."""
    keyed: dict[tuple[object, ...], Shape] = {}
    for shape in shapes:
        if isinstance(shape, Group):
            kind: tuple[object, ...] = (shape.kind.split(" ")[0], shape.data, len(shape.shapes))
            shape = replace(shape, kind=shape.kind.split(" ")[0], fill="", title="")
        else:
            kind = (type(shape).__name__, shape.kind)
        same = sum(key[:-1] == kind for key in keyed)
        keyed[(*kind, same)] = shape
    return keyed
