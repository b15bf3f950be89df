"""The picture as SVG: plain palette in files, custom properties by role in pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from types import MappingProxyType
from unicodedata import combining

from adviz.errors import FormatError
from adviz.render.paint import paint
from adviz.render.plate import Plate
from adviz.render.roles import ROLES, Theme, colour
from adviz.render.shapes import Group, Path, Picture, Rect, Run, Shape, Text
from adviz.scene.geometry import Box, Curve
from adviz.scene.lines import under_bar
from adviz.scene.scene import Scene, State
from adviz.scene.text_width import width

SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', Arial, sans-serif"
MATH = "'Adviz Math', 'STIX Two Text', Cambria, 'Times New Roman', 'DejaVu Serif', serif"
"""The font of a page and of what is rasterised, and what is likest it elsewhere."""
FACES: Mapping[str, dict[str, str]] = MappingProxyType(
    {
        "sans": {},
        "bold": {"font-weight": "700"},
        "roman": {"font-family": MATH, "font-style": "normal"},
        "italic": {"font-family": MATH, "font-style": "italic"},
    }
)
_OF_A_PAGE = {"font-family": "var(--serif, math, serif)", "font-weight": "400"}
RASTERED: Mapping[str, dict[str, str]] = MappingProxyType({**FACES})
"""The same where the very fonts are at hand, and no text needs to be told how wide it is."""
IN_PAGES: Mapping[str, dict[str, str]] = MappingProxyType(
    {
        **FACES,
        "roman": {**FACES["roman"], **_OF_A_PAGE},
        "italic": {**FACES["italic"], **_OF_A_PAGE},
    }
)
"""The font of a page has one weight; its style sheet asks it for the letters of variables."""

_MEASURED, _WORD = ("roman", "italic"), 3
"""The faces whose font a viewer may lack, and from how many characters that shows."""
_USUAL = ("font-size", "13")
"""What the whole picture says already."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold, section 2.2."""


def svg(
    scene: Scene | Plate,
    state: State | None = None,
    *,
    theme: Theme = "light",
    variables: bool = False,
    background: bool = True,
) -> str:
    """Return the picture of a scene in a state, the finished one unless given.

    With `variables`, every colour is `var(--role, #hex)`, for a page that defines the roles.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> svg(stage(adviz.build("x*y"))).startswith("<svg xmlns=")
    True
    """
    return printed(paint(scene, state), Palette(theme, variables=variables), background=background)


def drawing(scene: Scene | Plate, *, theme: Theme = "light", background: bool = True) -> bytes:
    """Return the finished picture as an SVG file."""
    return svg(scene, theme=theme, background=background).encode()


class Palette:
    """How roles, faces and kinds are written as attributes.

    A file with a style sheet of its own gives the attributes of `faces` differently and, with
    `bare`, leaves out what only a page needs: classes, data and titles.
    """

    def __init__(
        self,
        theme: Theme = "light",
        *,
        variables: bool = False,
        bare: bool = False,
        faces: Mapping[str, dict[str, str]] | None = None,
    ) -> None:
        if variables and theme != "light":
            raise FormatError("a page's own variables decide its theme; leave theme out")
        made = {role: colour(role, theme) for role in ROLES}
        self.by_role = {r: f"var(--{r}, {c})" if variables else c for r, c in made.items()}
        self.bare, self.faces = bare, faces or (IN_PAGES if variables else FACES)

    def __getitem__(self, role: str) -> str:
        if not role:
            return "none"
        return self.by_role.get(role) or colour(role)

    def dressed(self, kind: str, place: dict[str, str], look: dict[str, str]) -> dict[str, str]:
        """Return the attributes of a shape of a class, with its place and its look."""
        return place | look if self.bare else {"class": kind} | place | look

    def opening(self, runs: Sequence[Run]) -> str:
        """Return what a line of words begins with where letters in it have accents.

        resvg places accents by the font that a line begins with: it begins with no width in that
        of mathematics.
        """
        letters = [under_bar(run) or run.text for run in runs if run.face in _MEASURED]
        accented = any(combining(one) for text in letters for one in text)
        if self.faces is not RASTERED or not accented or runs[0].face in _MEASURED:
            return ""
        return f"<tspan{attributes(self.faces['roman'])}>\u200b</tspan>"

    def room(self, run: Run, size: float) -> dict[str, str]:
        """Return the width that a run was given; a page has the font that it was measured in.

        A viewer without that font draws a wider one: a file's words are then drawn closer.
        """
        if self.faces is not FACES or run.face not in _MEASURED or len(run.text) < _WORD:
            return {}
        wide = number(width(run.text, size * run.size, run.face))
        return {"textLength": wide, "lengthAdjust": "spacingAndGlyphs"}


def printed(
    picture: Picture,
    palette: Palette,
    *,
    background: bool = True,
    extra: str = "",
    part: Box | None = None,
) -> str:
    """Return a picture's shapes as one SVG element; `extra` is markup that follows them.

    Of a picture of which only a `part` is seen, that part.
    """
    x, y, w, h = map(number, _whole(picture) if part is None else part)
    ground = Rect(_whole(picture), fill="page", kind="background")
    shapes = ([ground] if background else []) + list(picture.shapes)
    body = "".join(shape_markup(shape, palette) for shape in shapes)
    title = f"<title>{text_markup(picture.title)}</title>" if picture.title else ""
    font = f'font-family="{SANS}" font-size="13"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
        f'viewBox="{x} {y} {w} {h}" {font} role="img">{title}{body}{extra}</svg>'
    )


def shape_markup(shape: Shape, palette: Palette, inherited: str = "") -> str:
    """Return one shape as markup; `inherited` is the role of the fill around it."""
    return "".join(_pieces([shape], palette, inherited))


def _pieces(shapes: Iterable[Shape], palette: Palette, inherited: str = "") -> Iterator[str]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _group(shape, palette, inherited)
        elif isinstance(shape, Rect):
            yield _rect(shape, palette)
        elif isinstance(shape, Path):
            yield _path(shape, palette)
        else:
            yield _text(shape, palette, inherited)


def _group(group: Group, palette: Palette, inherited: str) -> Iterator[str]:
    data = {} if palette.bare else {f"data-{name}": value for name, value in group.data}
    look = {"opacity": f"{group.opacity:g}"} if group.opacity != 1 else {}
    if group.fill:
        look["fill"] = palette[group.fill]
    tag, place = ("a", {"href": group.link} | data) if group.link else ("g", data)
    yield f"<{tag}{attributes(palette.dressed(group.kind, place, look))}>"
    if group.title and not palette.bare:
        yield f"<title>{text_markup(group.title)}</title>"
    yield from _pieces(group.shapes, palette, group.fill or inherited)
    yield f"</{tag}>"


def _rect(rect: Rect, palette: Palette) -> str:
    sides = zip(("x", "y", "width", "height"), rect.box, strict=True)
    place = {side: number(length) for side, length in sides}
    if rect.radius:
        place["rx"] = number(rect.radius)
    return f"<rect{attributes(palette.dressed(rect.kind, place, _look(rect, palette)))}/>"


def _path(path: Path, palette: Palette) -> str:
    place = {"d": path_data(path.curve)}
    return f"<path{attributes(palette.dressed(path.kind, place, _look(path, palette)))}/>"


def _look(shape: Rect | Path, palette: Palette) -> dict[str, str]:
    pairs = {"fill": palette[shape.fill]}
    if shape.stroke:
        pairs["stroke"] = palette[shape.stroke]
        pairs["stroke-width"] = number(shape.thickness)
    if shape.dash:
        pairs["stroke-dasharray"] = " ".join(map(number, shape.dash))
    return pairs


def path_data(curve: Curve) -> str:
    """Return a curve in the language of SVG paths."""
    pieces = (
        ("C" if len(piece) == 3 else "L") + " ".join(f"{number(p.x)} {number(p.y)}" for p in piece)
        for piece in curve.pieces
    )
    return f"M{number(curve.start.x)} {number(curve.start.y)}" + "".join(pieces)


def _text(text: Text, palette: Palette, inherited: str) -> str:
    looks = [_run(run, palette, inherited, text.size) for run in text.runs]
    shared = _shared(looks)
    look = {"text-anchor": text.anchor} if text.anchor != "start" else {}
    look |= {name: value for name, value in shared.items() if (name, value) != _USUAL}
    if len(text.runs) == 1:
        look |= palette.room(text.runs[0], text.size)
    inner = "".join(_spans(text, [_but(look, shared) for look in looks], palette))
    inner = palette.opening(text.runs) + inner
    place = {"x": number(text.x), "y": number(text.y)}
    if text.upwards:
        look["transform"] = f"rotate(-90 {place['x']} {place['y']})"
    return f"<text{attributes(palette.dressed(text.kind, place, look))}>{inner}</text>"


def _run(run: Run, palette: Palette, inherited: str, size: float) -> dict[str, str]:
    """Return a run's look; the colour that its group already sets is not repeated."""
    pairs = {"font-size": number(size * run.size)}
    if run.fill != inherited:
        pairs["fill"] = palette[run.fill]
    if under_bar(run):
        pairs["text-decoration"] = "overline"
    return pairs | palette.faces[run.face]


def _shared(looks: Sequence[dict[str, str]]) -> dict[str, str]:
    """Return what a text says for all its runs: of what all of them say, the commonest."""
    if len(looks) == 1:
        return looks[0]
    names = [name for name in looks[0] if all(name in look for look in looks)] if looks else []
    return {name: Counter(look[name] for look in looks).most_common(1)[0][0] for name in names}


def _but(look: dict[str, str], shared: dict[str, str]) -> dict[str, str]:
    """Return what a run says for itself."""
    return {name: value for name, value in look.items() if shared.get(name) != value}


def _spans(text: Text, looks: Sequence[dict[str, str]], palette: Palette) -> Iterator[str]:
    """Yield the runs of a text, each moved from the base line of the one before to its own."""
    rise = 0.0
    for run, look in zip(text.runs, looks, strict=True):
        moved = number((rise - run.rise) * text.size)
        pairs = palette.dressed("", {"dy": moved} if moved != "0" else {}, look)
        if len(looks) > 1:
            pairs = pairs | palette.room(run, text.size)
        said = attributes(pairs)
        shown = text_markup(under_bar(run) or run.text)
        yield f"<tspan{said}>{shown}</tspan>" if said else shown
        rise = run.rise


def attributes(pairs: dict[str, str]) -> str:
    """Return attributes as markup; empty ones are left out."""
    return "".join(f' {name}="{text_markup(value)}"' for name, value in pairs.items() if value)


def text_markup(text: str) -> str:
    """Return any text for XML: escaped, and without the characters that XML cannot hold."""
    return escape(printable(text), quote=False).replace('"', "&quot;")


def printable(text: str) -> str:
    """Return a text with a replacement for every character that XML cannot hold."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def number(value: float) -> str:
    """Return a length to a tenth of a pixel.

    >>> number(12.0), number(0.25), number(-0.01)
    ('12', '0.2', '0')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _whole(picture: Picture) -> Box:
    return Box(0, 0, picture.width, picture.height)
