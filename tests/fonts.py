"""Makes the fonts of mathematics: subsets of STIX Two Math, two for pages, two faces for files.

Run as `python tests/fonts.py stix-two-math-latin-400-normal.woff2`, the file of the npm package
`@fontsource/stix-two-math` 5.3.0; it needs fontTools with brotli.

An italic letter of mathematics is a character of its own (U+1D465 for x), which few fonts have and
nobody types. So a page's font gives it for an ordinary letter where the OpenType feature `ital` is
asked for, and the italic face of files has it in the letter's place: a text stays `x` whatever it
looks like.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fontTools.feaLib.builder import (  # type: ignore[import-untyped]  # it has no types
    addOpenTypeFeaturesFromString,
)
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]  # it has no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it has no types

RENDER = Path(__file__).parent.parent / "adviz" / "render"
PAGES = tuple(RENDER / "player" / f"stix-two-math-{script}.woff2" for script in ("latin", "greek"))
FILES = {style: RENDER / "fonts" / f"AdvizMath-{style}.ttf" for style in ("Regular", "Italic")}

_LATIN = {ord("A") + k: 0x1D434 + k for k in range(26)} | {
    ord("a") + k: 0x210E if k == 7 else 0x1D44E + k for k in range(26)
}
_CAPITALS = [code for code in range(0x391, 0x3AA) if code != 0x3A2]
_GREEK = {code: 0x1D6E2 + code - 0x391 for code in _CAPITALS}
_GREEK |= {code: 0x1D6FC + code - 0x3B1 for code in range(0x3B1, 0x3CA)}
_LAST_GREEK = 0x3FF
_GREEK |= {0x2202: 0x1D715, 0x3F5: 0x1D716, 0x3D1: 0x1D717, 0x3D5: 0x1D719}
ITALIC = _LATIN | _GREEK
"""The italic letter of mathematics of each letter."""

_SIGNS = (
    "\N{NO-BREAK SPACE}¬¯°±²³·¹×÷˙∘–—•…′‾⁄⁰⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉←→↦⇒∂∇∑−√∞∣∧∨≈≠≤≥⋅⌈⌉⌊⌋⟨⟩"
    "\N{COMBINING MACRON}\N{COMBINING OVERLINE}\N{COMBINING DOT ABOVE}"
)
_PLAIN = {*range(0x20, 0x7F), *map(ord, _SIGNS), *_GREEK}
_WINDOWS = (3, 1, 0x409)
"""The platform, encoding and language of names in English."""
_ROOT = ord("√")
_SIZES = 8
"""How many sizes of a parenthesis or a root there are."""
_DESCENDER = 40
"""How far above the foot of a letter a subscript may stand, in thousandths of an em."""
_INVISIBLE = set(range(0x2061, 0x2065))
"""The operators of MathML that are not seen."""


def subset(source: Path, codes: set[int], dropped: tuple[str, ...]) -> Any:
    """Return the font with some characters only, without hints and the tables named."""
    font = TTFont(source, recalcTimestamp=False)
    limit_sizes(font)
    options = Options(hinting=False, notdef_outline=True, layout_features=["dtls"])
    options.drop_tables += dropped
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return font


def limit_sizes(font: Any) -> None:
    """Take away all but the first sizes of what stretches, and what it is put together of."""
    variants = font["MATH"].table.MathVariants
    for construction in variants.VertGlyphConstruction + variants.HorizGlyphConstruction:
        del construction.MathGlyphVariantRecord[_SIZES:]
        construction.VariantCount = len(construction.MathGlyphVariantRecord)
        construction.GlyphAssembly = None


def level_subscripts(font: Any) -> None:
    """Let a subscript stand as low at p as at x: of letters alone, none needs to be lower."""
    font["MATH"].table.MathConstants.SubscriptBaselineDropMin.Value = -_DESCENDER


def narrow_roots(font: Any, sign: str) -> None:
    """Make a root sign of every size as wide as the smallest.

    Chromium leaves the room of the widest one behind every root.
    """
    first, *larger = _sizes_of(font, sign)
    glyphs, widths = font["glyf"], font["hmtx"].metrics
    for name in larger:
        wide, left = widths[name]
        part = widths[first][0] / wide
        glyphs[name].coordinates.scale((part, 1))
        glyphs[name].coordinates.toInt()
        glyphs[name].recalcBounds(glyphs)
        widths[name] = widths[first][0], round(left * part)


def _sizes_of(font: Any, glyph: str) -> list[str]:
    """Return the glyphs of a sign that grows, the smallest first."""
    variants = font["MATH"].table.MathVariants
    place = variants.VertGlyphCoverage.glyphs.index(glyph)
    made = variants.VertGlyphConstruction[place].MathGlyphVariantRecord
    return [one.VariantGlyph for one in made]


def page(source: Path, italic: Mapping[int, int], codes: set[int]) -> Any:
    """Return a font of pages: formulas with their MATH table, and italics where asked for."""
    font = subset(source, codes | set(italic.values()), ("GPOS", "GDEF", "gasp"))
    level_subscripts(font)
    glyphs = font.getBestCmap()
    if _ROOT in glyphs:
        narrow_roots(font, glyphs[_ROOT])
    pairs = "".join(f"sub {glyphs[a]} by {glyphs[b]};" for a, b in sorted(italic.items()))
    addOpenTypeFeaturesFromString(font, f"feature ital {{ {pairs} }} ital;")
    font.flavor = "woff2"
    return font


def face(source: Path, style: str) -> Any:
    """Return one of the faces of files; in the italic one letters are those of mathematics."""
    italic = style == "Italic"
    codes = _PLAIN - set(ITALIC) | set(ITALIC.values()) if italic else _PLAIN
    font = subset(source, codes, ("GPOS", "GDEF", "GSUB", "MATH", "gasp"))
    if italic:
        for table in font["cmap"].tables:
            given = table.cmap
            placed = {a: given.pop(b) for a, b in ITALIC.items() if b in given}
            table.cmap = {code: name for code, name in (given | placed).items() if code < 0x10000}
        font["OS/2"].fsSelection = font["OS/2"].fsSelection & ~0x40 | 0x01
        font["head"].macStyle |= 0x02
    names = {1: "Adviz Math", 2: style, 4: f"Adviz Math {style}", 6: f"AdvizMath-{style}"}
    for number, text in names.items():
        font["name"].setName(text, number, *_WINDOWS)
    font.flavor = None
    return font


def main(source: Path) -> None:
    """Write all of them."""
    greek = {letter: shape for letter, shape in _GREEK.items() if letter <= _LAST_GREEK}
    latin = {letter: shape for letter, shape in ITALIC.items() if letter not in greek}
    page(source, latin, _PLAIN - set(greek) | _INVISIBLE).save(PAGES[0])
    page(source, greek, set(greek)).save(PAGES[1])
    for style, path in FILES.items():
        face(source, style).save(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
