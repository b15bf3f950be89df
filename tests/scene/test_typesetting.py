"""Mathematics looks alike wherever it stands, and what is written fits its place.

Widths are measured with the fonts that are embedded, not with the table that the layout uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from corpus import CORPUS, Formula
from fonts import FILES, ITALIC, PAGES
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it has no types
from PIL import Image
from pypdf import PdfReader

import adviz
from adviz.language.notation import (
    TRANSPOSED,
    Tree,
    latex,
    mathml,
    name,
    number,
    op,
    row,
    tree,
    unicode_text,
)
from adviz.render.latex import letters
from adviz.render.paint import paint
from adviz.render.pdf import pages
from adviz.render.plot import lettering
from adviz.render.png import font_files, rasterised
from adviz.render.shapes import Group, Picture, Rect, Run, Shape, Text
from adviz.render.slides.deck import reveal
from adviz.render.svg import RASTERED, Palette, printed, svg
from adviz.scene.lettering import shown_chip
from adviz.scene.lines import line_width, under_bar, words
from adviz.scene.staging import stage
from adviz.scene.text_width import Face, width
from adviz.scene.typesetting import set_on_line

LONG = (
    "learning_rate_alpha*theta_hat_1*exp(-beta_decay*elapsed_time_seconds) + sigma_noise**2"
    " + sin(x2)/sqrt(y_max)*alpha"
)
AT = {
    "learning_rate_alpha": 0.0012345, "theta_hat_1": 12345.678, "beta_decay": 0.05,
    "elapsed_time_seconds": 37.25, "sigma_noise": 1.5e-7, "x2": 0.5, "y_max": 2.0, "alpha": 3.0,
}  # fmt: skip

# --- One rule for names ------------------------------------------------------------------------

# One aligned line per name: its letters, whether they are italic, and its subscript.
# fmt: off
NAMES = [
    ("x",                   "x",                   True,  ""),
    ("x2",                  "x",                   True,  "2"),
    ("v_12",                "v",                   True,  "12"),
    ("x_i",                 "x",                   True,  "i"),
    ("sigma_max",           "σ",                   True,  "max"),
    ("Gamma_1",             "Γ",                   True,  "1"),
    ("W0_1",                "W",                   True,  "0,1"),
    ("alpha",               "α",                   True,  ""),
    ("price",               "price",               False, ""),
    ("price_2",             "price_2",             False, ""),
    ("sigma_noise",         "sigma_noise",         False, ""),
    ("theta_hat_1",         "theta_hat_1",         False, ""),
    ("learning_rate_alpha", "learning_rate_alpha", False, ""),
]
# fmt: on


@pytest.mark.parametrize(("written", "stem", "italic", "index"), NAMES)
def test_a_name_is_set_alike_in_svg_mathml_and_latex(
    written: str, stem: str, italic: bool, index: str
) -> None:
    """A browser sets an identifier in italics where it has one letter."""
    line = set_on_line(name(written), str)
    assert (line[0].text, line[0].face) == (stem, "italic" if italic else "roman")
    assert "".join(run.text for run in line[1:]) == index
    assert all(run.rise < 0 and run.size < line[0].size for run in line[1:])
    tokens = re.findall(r"<m[in]>([^<]*)</m[in]>", mathml(name(written)))
    assert tokens == [stem, *([index] if index else [])]
    assert _read(latex(name(written))) == (stem, italic, index)


def _read(written: str) -> tuple[str, bool, str]:
    """Return what LaTeX shows of a name: its letters, whether in italics, and its subscript."""
    greek = {"\\sigma": "σ", "\\Gamma": "Γ", "\\alpha": "α"}
    match = re.fullmatch(r"(\\mathrm\{.*?\}|\\?\w+?)(?:_\{(.*)\})?", written)
    assert match is not None, written
    stem, index = match[1], match[2] or ""
    upright = re.compile(r"\\mathrm\{(.*)\}")
    shown = upright.sub(r"\1", greek.get(stem, stem)).replace("\\_", "_")
    return shown, not upright.fullmatch(stem), upright.sub(r"\1", index)


X, TWO = name("x"), number("2")


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (tree("root", X), "√x"),
        (tree("root", TWO), "√2"),
        (tree("root", row(TWO, op("×"), X)), "√(2 × x)"),
        (tree("power", tree("root", X), TWO), "(√x)2"),
        (tree("root", tree("node", 3, X)), "√x"),
        (tree("root", tree("slot", "6.28")), "√6.28"),
        (tree("root", tree("slot", "−2")), "√(−2)"),
        (tree("frac", tree("neg", X), TWO), "−x/2"),
        (tree("frac", row(TWO, X), row(TWO, tree("root", X))), "2x/(2√x)"),
        (tree("frac", row(X, op("+"), X), TWO), "(x + x)/2"),
        (tree("frac", tree("neg", tree("frac", X, X)), TWO), "(−x/x)/2"),
        (tree("frac", row(tree("frac", X, X), op("·"), X), TWO), "(x/x · x)/2"),
        (tree("frac", tree("slot", "2 × 10⁵"), TWO), "(2 × 10⁵)/2"),
    ],
)
def test_a_line_is_read_in_one_way_and_has_few_parentheses(part: Tree, shown: str) -> None:
    """A root of one letter or number has none, nor has what is multiplied before a stroke."""
    assert words(set_on_line(part, str)) == shown


PRODUCTS = [
    ("x*(y + 1)", "x · (y + 1)"),
    ("sqrt(x)*(y + 1)", "√x · (y + 1)"),
    ("x/2*(y + 1)", "x/2 · (y + 1)"),
    ("2*(y + 1)*(y - 1)", "2(y + 1)(y − 1)"),
    ("0.5*sin(x)", "0.5 · sin(x)"),
    ("2*x", "2x"),
    ("2*3**x", "2 · 3x"),
    ("2*(x/y)", "2(x/y)"),
    ("2*sqrt(x)*abs(y)", "2√x · |y|"),
]


@pytest.mark.parametrize(("formula", "shown"), PRODUCTS)
def test_no_product_looks_like_a_call_or_another_number(formula: str, shown: str) -> None:
    (statement,) = stage(adviz.build(formula)).statements
    assert words(set_on_line(statement, str)).partition(" = ")[2] == shown


@pytest.mark.parametrize("accent", ["bar", "dot"])
def test_an_accent_stands_on_the_letter_or_over_the_word(accent: str) -> None:
    letter, word = (set_on_line(tree(accent, name(one)), str) for one in ("v1", "price"))
    mark = {"bar": "\u0304", "dot": "\u0307"}[accent]
    assert (letter[0].text, letter[1].text) == (f"v{mark}", "1")
    assert words(word) == {"bar": "p̅r̅i̅c̅e̅", "dot": "pri\u0307ce"}[accent]
    assert latex(tree(accent, name("v1"))) == f"\\{accent}{{v}}_{{1}}"
    over = {"bar": "overline", "dot": "dot"}[accent]
    assert latex(tree(accent, name("price"))) == f"\\{over}{{\\mathrm{{price}}}}"


# --- Fonts ---------------------------------------------------------------------------------------

LETTERS = set(ITALIC) - {0x2202, 0x3D1, 0x3D5, 0x3F5}
FACES: list[Face] = ["sans", "bold", "roman", "italic"]


PAGES_OF = {
    "a film": lambda trace: adviz.animate(trace).html(),
    "a sheet": lambda trace: adviz.exercise(trace).html(),
    "a deck": lambda trace: reveal(adviz.animate(trace).scene).decode(),
    "paths": lambda trace: adviz.paths(trace.graph, trace.point).html(),
}


@pytest.mark.parametrize("page", PAGES_OF)
def test_a_page_names_the_font_of_its_letters_and_slants_none_twice(page: str) -> None:
    """The font has its own italics, under a feature that the style sheet asks for."""
    made = PAGES_OF[page](adviz.reverse("x*sin(x)", at={"x": 2}))
    assert "var(--serif" in made and re.search(r'--serif:\s*"Adviz Math"', made)
    assert re.search(r"font-synthesis:\s*weight", made)
    assert re.search("""font-feature-settings:\\s*["']ital""", made)


def test_a_pages_roots_are_of_one_width_and_its_subscripts_level() -> None:
    """Chromium keeps the room of the widest sign behind every root."""
    font = TTFont(PAGES[0])
    math = font["MATH"].table
    place = math.MathVariants.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord("√")])
    sizes = math.MathVariants.VertGlyphConstruction[place].MathGlyphVariantRecord
    assert len({font["hmtx"][one.VariantGlyph][0] for one in sizes}) == 1
    descender = -font["glyf"][font.getBestCmap()[0x1D45D]].yMin
    constants = math.MathConstants
    lowest = descender + constants.SubscriptBaselineDropMin.Value
    assert lowest <= constants.SubscriptShiftDown.Value


@pytest.mark.parametrize("accent", ["bar", "dot"])
def test_an_accent_after_words_stands_on_its_letter_in_pixels(accent: str) -> None:
    words_first = (Run("as "), *set_on_line(name("v"), str))
    _, top, right, _ = ink(words_first)
    left = 5 + line_width(words_first[:1], 40)
    marked = (Run("as "), *set_on_line(tree(accent, name("v")), str))
    above = ink(marked, int(top))
    assert left - 2 <= above[0] and above[2] <= right


def ink(line: tuple[Run, ...], down_to: int = 80) -> tuple[float, float, float, float]:
    """Return where a line has ink, above a height."""
    picture = Picture(200, 80, (Text(5, 60, line, 40),))
    markup = printed(picture, Palette(bare=True, faces=RASTERED))
    image = Image.open(BytesIO(rasterised(markup, 200 * 80, 1.0))).convert("L")
    box = image.point(lambda value: 255 * (value < 128)).crop((0, 0, 200, down_to)).getbbox()
    assert box is not None
    return box


@cache
def advances(face: Face) -> dict[int, float]:
    """The widths of a font's characters in ems."""
    font = TTFont(font_files()[FACES.index(face)])
    em, hmtx = font["head"].unitsPerEm, font["hmtx"]
    return {code: hmtx[glyph][0] / em for code, glyph in font.getBestCmap().items()}


def drawn(text: str, size: float, face: Face) -> float:
    """Return how wide a text is drawn; what mathematics lacks is drawn in the font of words."""
    known = advances(face) if face != "sans" else {}
    return size * sum(known.get(ord(c), advances("sans").get(ord(c), 0.6)) for c in text)


@pytest.mark.parametrize("face", ["roman", "italic"])
def test_mathematics_is_measured_with_its_own_font(face: Face) -> None:
    """What nobody writes may be measured as wider than it is, hardly as narrower."""
    for code, wide in advances(face).items():
        spare = width(chr(code), 1000, face) - 1000 * wide
        exact = chr(code).isascii() or code in LETTERS or chr(code) in "−×·⁻⁰₀₉…≤≥→"
        assert spare >= (-0.01 if exact else -110), chr(code)
        assert not exact or spare < 10.01, chr(code)


def test_a_page_and_a_file_have_the_same_letters() -> None:
    pytest.importorskip("brotli")
    plain, italic = (TTFont(path) for path in FILES.values())
    pages = [TTFont(path) for path in PAGES]
    assert set(plain.getBestCmap()) <= {code for page in pages for code in page.getBestCmap()}
    for page in pages:
        (feature,) = page["GSUB"].table.FeatureList.FeatureRecord
        (lookup,) = page["GSUB"].table.LookupList.Lookup
        assert feature.FeatureTag == "ital"
        for code in plain.getBestCmap().keys() & page.getBestCmap().keys():
            glyph = page.getBestCmap()[code]
            slanted = lookup.SubTable[0].mapping.get(glyph, glyph)
            assert _outline(page, glyph) == _outline(plain, plain.getBestCmap()[code])
            assert _outline(page, slanted) == _outline(italic, italic.getBestCmap()[code])


def test_the_italic_face_has_letters_of_its_own() -> None:
    plain, italic = (TTFont(path) for path in FILES.values())
    assert set(plain.getBestCmap()) == set(italic.getBestCmap())
    for code in ITALIC:
        letters = [_outline(font, font.getBestCmap()[code]) for font in (plain, italic)]
        assert letters[0] != letters[1]


def _outline(font: Any, glyph: str) -> Any:
    return list(font["glyf"][glyph].getCoordinates(font["glyf"])[0])


# --- What is written fits ----------------------------------------------------------------------


def point_in(formula: Formula) -> dict[str, float]:
    random = Random(formula.name)
    return {one: random.uniform(*ends) for one, ends in formula.ranges.items()}


SMALL = [each for each in CORPUS if len(adviz.build(each.text)) <= 30]


@pytest.mark.parametrize("formula", SMALL, ids=lambda each: each.name)
def test_every_text_fits_its_box(formula: Formula) -> None:
    """With the most digits, since numbers take the most room then."""
    assert not misfits(stage(adviz.reverse(formula.text, at=point_in(formula)), precision=17))


@pytest.mark.parametrize("precision", [6, 17])
def test_long_names_fit_their_boxes(precision: int) -> None:
    assert not misfits(stage(adviz.reverse(LONG, at=AT), precision=precision))
    assert not misfits(stage(adviz.build(LONG)))


def misfits(scene: Any) -> list[str]:
    """Return the texts that reach out of their boxes, or over another text in theirs."""
    places = list(boxed(paint(scene).shapes))
    outside = [text.words for box, texts in places for text in texts if not _inside(text, box)]
    return outside + [text.words for _, texts in places if _collide(texts) for text in texts]


def boxed(shapes: tuple[Shape, ...], around: Rect | None = None) -> Iterator[Any]:
    """Yield every box with the texts that stand in it."""
    found = next((one for one in shapes if isinstance(one, Rect)), around)
    texts = [one for one in shapes if isinstance(one, Text)]
    if found is not None and texts:
        yield found.box, texts
    for one in shapes:
        if isinstance(one, Group):
            yield from boxed(one.shapes, found)


def span(text: Text) -> tuple[float, float]:
    wide = sum(drawn(run.text, text.size * run.size, run.face) for run in text.runs)
    left = text.x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
    return left, left + wide


def _inside(text: Text, box: Any) -> bool:
    left, right = span(text)
    return bool(box.x <= left and right <= box.x + box.width)


def _collide(texts: list[Text]) -> bool:
    """Return whether two texts of one line overlap, such as a name and its operation."""
    spans = sorted(span(text) for text in texts if abs(text.y - texts[0].y) < 4)
    return any(right > left for (_, right), (left, _) in pairwise(spans))


# --- Numbers before names ----------------------------------------------------------------------


@pytest.mark.parametrize("precision", [6, 17])
def test_a_chip_shortens_names_and_never_its_number(precision: int) -> None:
    scene = stage(adviz.reverse(LONG, at=AT), precision=precision)
    for k, chip in scene.chips.items():
        said = words(shown_chip(scene.numbers, chip))
        assert said.endswith(scene.text(f"0/partial/{k}"))
    chip = next(c for c in scene.chips.values() if "learning_rate_alpha" in str(c))
    assert "…" in words(shown_chip(scene.numbers, chip))
    assert "learning_rate_alpha = " in svg(scene)  # the whole of it, in the title


def test_columns_of_numbers_leave_names_what_room_there_is() -> None:
    short, long = (adviz.table(adviz.reverse(LONG, at=AT), precision=p).html() for p in (1, 17))
    assert 'title="learning_rate_alpha"' in long
    cut = [re.findall(r"<mi>([^<]*…[^<]*)</mi>", html) for html in (short, long)]
    assert max(map(len, cut[1])) < max(map(len, cut[0])) <= len("learning_rate_alpha")
    whole = adviz.table(adviz.reverse(LONG, at=AT))
    assert "…" not in whole.markdown() + whole.latex() + str(whole)


def test_a_number_has_its_power_of_ten_wherever_it_is_set() -> None:
    trace = adviz.reverse("x*3e-9", at={"x": 1.5e-7})
    picture, table = seen(svg(stage(trace))), adviz.table(trace)
    assert "1.5 × 10⁻⁷" in picture
    assert "1.5 × 10⁻⁷" in table.html()
    assert "1.5 \\times 10^{-7}" in table.latex()
    page, _, _ = adviz.animate(trace).html().partition("<script")
    for shown in (picture, table.html(), table.latex(), seen(page)):
        assert not re.search(r">[^<]*\de[-−]\d", shown)


def seen(markup: str) -> str:
    """Return markup without what is shown only when it is pointed at: numbers as one types them."""
    return re.sub(r"<title>[^<]*</title>", "", markup)


# --- precision= --------------------------------------------------------------------------------

THIRD = {"x": 1.0}


@pytest.mark.parametrize(
    ("precision", "shown"), [(1, "0.3"), (3, "0.333"), (6, "0.333333"), (17, "0.33333333333333331")]
)
def test_precision_is_the_number_of_digits_shown(precision: int, shown: str) -> None:
    trace = adviz.reverse("x/3", at=THIRD)
    assert adviz.draw(trace, precision=precision).scene.text("0/value/2") == shown
    film = adviz.animate(trace, precision=precision)
    assert film.scene.text("0/value/2") == shown
    assert f">{shown}</td>" in film.html()
    assert f" {shown} " in str(adviz.table(trace, precision=precision))


@pytest.mark.parametrize("precision", [0, 18, -1, 2.5, True, "3", None])
@pytest.mark.parametrize("verb", [adviz.draw, adviz.animate, adviz.table])
def test_a_precision_that_there_is_not_is_refused(verb: Any, precision: Any) -> None:
    with pytest.raises(adviz.AdvizError, match=r"^precision = .*; it is a number of significant"):
        verb(adviz.reverse("x/3", at=THIRD), precision=precision)


def test_every_noun_with_numbers_takes_a_precision() -> None:
    found = adviz.eliminate("x/3*x", at={"x": 1})
    assert adviz.animate(found, precision=2).scene.precision == 2
    for noun in (found, adviz.check("x/3", at=THIRD), adviz.taylor("x/3", at=THIRD, order=2)):
        drawn = seen(adviz.draw(noun, precision=2).svg())
        assert "0.33" in drawn
        assert "0.333" not in drawn


def test_widths_of_lines_add_up() -> None:
    line = set_on_line(name("x1"), str)
    assert line_width(line, 10) == pytest.approx(sum(line_width([run], 10) for run in line))


@pytest.mark.parametrize(("number", "shown"), [("2", "2"), ("−2", "(−2)")])
def test_a_number_after_an_operator_keeps_its_sign_to_itself(number: str, shown: str) -> None:
    line = set_on_line(tree("held", "1/value/0"), lambda key: number)
    assert "".join(run.text for run in line) == shown


def test_of_several_derivatives_in_a_compact_node_each_but_the_first_has_its_symbol() -> None:
    from adviz.scene.card import COMPACT
    from adviz.scene.lettering import left_texts

    at = {"x": 3, "y": 2}
    sweeps = [adviz.forward("x*y", at, "x"), adviz.reverse("x*y", at)]
    for traces, below in ((sweeps, "x̄"), (sweeps[:1], "")):
        node = adviz.animate(*traces).scene.nodes[0]
        texts = ["".join(run.text for run in line) for line in left_texts(node, COMPACT)]
        assert "".join(texts[2:]) == below


# --- A bar over a word is one line, as long as the word ------------------------------------------

BARRED = tree("bar", name("hidden"))


def test_a_word_under_a_bar_is_by_itself_in_a_line() -> None:
    line = set_on_line(row(BARRED, op("@"), name("weights")), str)
    assert [under_bar(run) for run in line] == ["hidden", ""]
    assert words(line[1:]) == " weights"


def test_the_bar_over_a_word_is_one_line_in_every_medium() -> None:
    said = Text(10, 50, set_on_line(BARRED, str), 40)
    picture = Picture(200, 80, (said,), "bar")
    assert re.search('text-decoration="overline".*>hidden</text>', printed(picture, Palette()))
    assert lettering.written(said.runs[0]) == r"$\overline{\mathrm{hidden}}$"
    assert letters.written(said.runs) == r"$\overline{\mathrm{hidden}}$"
    assert '<mover accent="true" class="over"><mi>hidden</mi>' in mathml(BARRED)
    assert unicode_text(BARRED) == "h̅i̅d̅d̅e̅n̅"
    (page,) = PdfReader(BytesIO(pages([picture]))).pages
    assert page.extract_text() == "hidden"
    contents = page.get_contents()
    assert contents is not None and contents.get_data().count(b" l S") == 1


@pytest.mark.parametrize("under", ["hidden", "row", "x_total"])
def test_the_bar_over_a_word_reaches_from_its_first_letter_to_its_last(under: str) -> None:
    plain, barred = (set_on_line(part, str) for part in (name(under), tree("bar", name(under))))
    left, top, right, _ = ink(plain)
    above = ink(barred, int(top))
    assert above[0] <= left + 2 and above[2] >= right - 2


def test_matrices_that_are_multiplied_are_apart_in_latex() -> None:
    product = row(tree("power", name("weights"), TRANSPOSED), op("@"), BARRED)
    line = set_on_line(product, str)
    assert letters.written(line) == r"$\mathrm{weights}^{\mathsf{T}} \, \overline{\mathrm{hidden}}$"
    assert letters.written(set_on_line(row(name("loss"), op("mod"), name("step")), str)) == (
        r"$\mathrm{loss} \bmod \mathrm{step}$"
    )


def test_the_transpose_of_a_function_is_a_raised_letter() -> None:
    line = set_on_line(tree("call", "addmmᵀ", name("x")), str)
    assert [(run.text, run.rise > 0) for run in line[:2]] == [("addmm", False), ("T", True)]
