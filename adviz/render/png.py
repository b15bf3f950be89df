"""The picture as PNG: rasterised by resvg with our own fonts, so that every machine agrees."""

from __future__ import annotations

import struct
from functools import cache
from importlib.resources import as_file, files
from math import isfinite
from numbers import Real
from pathlib import Path
from zlib import crc32

from adviz.errors import FormatError
from adviz.language.asked import require
from adviz.render.paint import paint
from adviz.render.plate import Plate
from adviz.render.roles import Theme
from adviz.render.svg import RASTERED, Palette, printed
from adviz.scene.scene import Scene, State

_MOST_PIXELS = 100_000_000
_PIXELS_PER_INCH = 96
_EVERY_SPACE = '<svg xml:space="preserve" '
"""What keeps the space between two pieces of a text, of which resvg else drops the first."""
_AFTER_HEADER = 33
"""The bytes of a PNG file before its second chunk: the signature and the header."""
_PIXELS_UNASKED = 25_000_000
"""What a picture has at most unless somebody chose its scale: about five seconds of drawing."""


def png(
    scene: Scene | Plate,
    state: State | None = None,
    *,
    theme: Theme = "light",
    scale: float | None = None,
    background: bool = True,
) -> bytes:
    """Return the picture of a scene in a state as a PNG file, the finished one unless given.

    `scale` is in pixels per point: 2 unless given, less where that would make more than 25
    million pixels. Raises FormatError for a scale that is not positive or makes more than 100
    million.
    """
    area = scene.layout.width * scene.layout.height
    chosen = min(2.0, (_PIXELS_UNASKED / area) ** 0.5) if scale is None else scale
    palette = Palette(theme, bare=True, faces=RASTERED)
    markup = printed(paint(scene, state), palette, background=background)
    return rasterised(markup, area, chosen)


def drawing(
    scene: Scene | Plate,
    *,
    theme: Theme = "light",
    scale: float | None = None,
    dpi: float | None = None,
    background: bool = True,
) -> bytes:
    """Return the finished picture as a PNG file; with `dpi` the file says how large it is."""
    if dpi is None:
        return png(scene, theme=theme, scale=scale, background=background)
    require(scale is None, "scale", scale, "chosen by dpi where that is given", FormatError)
    number = isinstance(dpi, Real) and not isinstance(dpi, bool) and isfinite(dpi) and dpi > 0
    require(number, "dpi", dpi, "a number of pixels per inch, such as 300", FormatError)
    picture = png(scene, theme=theme, scale=dpi / _PIXELS_PER_INCH, background=background)
    return _sized(picture, dpi)


def _sized(picture: bytes, dpi: float) -> bytes:
    """Return a PNG file that says how many pixels an inch has: the chunk pHYs, per metre."""
    per_metre = round(dpi / 0.0254)
    chunk = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    framed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", crc32(chunk))
    return picture[:_AFTER_HEADER] + framed + picture[_AFTER_HEADER:]


def rasterised(markup: str, area: float, scale: float) -> bytes:
    """Return an SVG of plain colours as a PNG file; `area` is its size in square pixels."""
    import resvg_py

    if not scale > 0 or not area * scale * scale <= _MOST_PIXELS:
        raise FormatError(
            f"scale = {scale} makes a picture of {area * max(scale, 0) ** 2:.3g} pixels; "
            f"it must be positive and make at most {_MOST_PIXELS:.0e}"
        )
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=markup.replace("<svg ", _EVERY_SPACE, 1),
            zoom=scale,
            skip_system_fonts=True,
            font_files=[str(path) for path in font_files()],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
            serif_family="Adviz Math",
        )
    )


@cache
def font_files() -> tuple[Path, ...]:
    """Return the paths of the fonts that come with adviz: words, bold, mathematics, variables."""
    names = ("DejaVuSans", "DejaVuSans-Bold", "AdvizMath-Regular", "AdvizMath-Italic")
    folder = files("adviz.render") / "fonts"
    with as_file(folder) as path:
        return tuple(path / f"{name}.ttf" for name in names)
