"""The closing card of a film: what it says agrees with `check`, and no tick is made up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

import adviz
from adviz.checking.closing.ways import written
from adviz.checking.closing.written import formula
from adviz.checking.faults.gallery import BY_NAME
from adviz.language.labels import Key
from adviz.language.notation import unicode_text
from adviz.scene.scene import Scene

PRODUCT, POINT = "(x + y)*(x - y)", {"x": 3, "y": 2}


def card(scene: Scene) -> list[str]:
    """Return a film's card, a line a row."""
    rows = scene.frames[-1].card
    shown = (" | ".join(unicode_text(c, scene.text).strip() for c in cells) for cells in rows)
    return [composed(line).strip() for line in shown]


def said(scene: Scene) -> str:
    parts = (unicode_text(part, scene.text) for part in scene.frames[-1].narration)
    return composed("".join(parts))


composed = partial(unicodedata.normalize, "NFC")


AGREE = "Forward, reverse and SymPy agree"
CARDS: dict[str, tuple[Callable[[], Any], list[str], str]] = {
    "reverse": (
        lambda: adviz.reverse(PRODUCT, at=POINT),
        [
            "f | = (x + y)(x − y) | = 5 |  |  |",
            "∂f/∂x | = 2x | = 6 | ✓ | ✓ | ✓",
            "∂f/∂y | = −2y | = −4 | ✓ | ✓ | ✓",
        ],
        f"{AGREE} in every digit with the truth, SymPy's derivative with 100 digits",
    ),
    "one direction": (
        lambda: adviz.forward(PRODUCT, at=POINT, direction="x"),
        ["f | = (x + y)(x − y) | = 5 |  |  |", "∂f/∂x | = 2x | = 6 | ✓ | ✓ | ✓"],
        AGREE,
    ),
    "any direction": (
        lambda: adviz.forward("x*y", at=POINT, direction={"x": 1, "y": -2}),
        [
            "f | = x · y | = 6 |  |  |",
            "∂f/∂x | = y | = 2 | ✓ | ✓ | ✓",
            "∂f/∂y | = x | = 3 | ✓ | ✓ | ✓",
            "ḟ | = ∂f/∂x + (−2) · ∂f/∂y | = −4 | ✓ |  |",
        ],
        AGREE,
    ),
    "several outputs": (
        lambda: adviz.reverse({"p": "x*y", "q": "x"}, POINT, {"p": 1, "q": 2}),
        [
            "p | = x · y | = 6 |  |  |",
            "q | = x | = 3 |  |  |",
            "∂p/∂x | = y | = 2 | ✓ | ✓ | ✓",
            "∂q/∂x | = 1 | = 1 | ✓ | ✓ | ✓",
            "∂p/∂y | = x | = 3 | ✓ | ✓ | ✓",
            "∂q/∂y | = 0 | = 0 | ✓ | ✓ | ✓",
            "x̄ | = ∂p/∂x + 2 · ∂q/∂x | = 4 |  | ✓ |",
            "ȳ | = ∂p/∂y + 2 · ∂q/∂y | = 3 |  | ✓ |",
        ],
        AGREE,
    ),
    "a broken sweep": (
        lambda: BY_NAME["overwrite"].reverse(PRODUCT, POINT),
        [
            "f | = (x + y)(x − y) | = 5 |  |  |",
            "∂f/∂x | = 2x | = 1 | ✓ | ✗ not 6 | ✓",
            "∂f/∂y | = −2y | = 1 | ✓ | ✗ not −4 | ✓",
        ],
        "This film is wrong: it ends with x̄ = 1, not 6",
    ),
    "a kink": (
        lambda: adviz.reverse("abs(x)", at={"x": 0}),
        [
            "f | = |x| | = 0 |  |  |",
            "∂f/∂x | = sign(x) | = 0 | ? kink | ? kink | ? kink",
        ],
        "∂f/∂x does not exist at x = 0: v₁ = |x| has a kink there; reverse mode takes 0",
    ),
    "lost digits": (
        lambda: adviz.reverse("(1 - cos(x))/x**2", at={"x": 1e-6}),
        [
            "f | = (1 − cos(x))/x² | = 0.500044 |  |  |",
            "∂f/∂x | = sin(x)/x² − 2(1 − cos(x))/x³ | = −88.9006 "
            "| ≈ ill-conditioned | ≈ ill-conditioned | ≈ rounding",
        ],
        "Ill-conditioned: df/dx in forward mode is −88.9006",
    ),
    "many digits": (
        lambda: adviz.reverse("x/3", at={"x": 1}, digits=50),
        ["f | = x/3 | = 0.333333 |  |  |", "∂f/∂x | = 1/3 | = 0.333333 | ✓ | ✓ | ✓"],
        AGREE,
    ),
    "no doubles": (
        lambda: adviz.reverse("x*x", at={"x": Fraction(1, 3)}),
        ["f | = x · x | = 1/9", "∂f/∂x | = 2x | = 2/3"],
        "Result: what the sweeps have found; it was not checked, since x = 1/3 is no finite double",
    ),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_says_what_was_found_and_what_it_is_worth(name: str) -> None:
    made, rows, sentence = CARDS[name]
    scene = adviz.animate(made()).scene
    heading, *found = card(scene)
    assert heading.startswith("Result | formula | number") and found == rows
    assert said(scene).startswith(sentence)
    assert scene.phases[-1].title == "Result" and scene.frames[-1].kind == "result"


@pytest.mark.parametrize("fault", BY_NAME.values(), ids=list(BY_NAME))
def test_no_broken_sweep_is_ticked(fault: Any) -> None:
    wrong, right = fault.reverse(), adviz.reverse(fault.example, fault.at)
    shown = card(adviz.animate(wrong).scene)
    for row, input_ in zip(shown[-len(right.gradient) :], right.gradient, strict=True):
        differs = abs(wrong.gradient[input_] - right.gradient[input_]) > 1e-9
        assert ("✗ not" in row) == differs, row


WITHOUT: dict[str, Callable[[], Any]] = {
    "an evaluation": lambda: adviz.evaluate(PRODUCT, at=POINT),
    "second order": lambda: adviz.second_order(PRODUCT, at=POINT, direction="x"),
    "a Taylor expansion": lambda: adviz.taylor("x*x", at={"x": 2}, order=2),
    "an elimination": lambda: adviz.eliminate(PRODUCT, POINT, "forward"),
    "no input": lambda: adviz.reverse("pi*2", at={}),
}


@pytest.mark.parametrize("name", WITHOUT)
def test_what_has_no_first_derivatives_has_no_card(name: str) -> None:
    frames = adviz.animate(WITHOUT[name]()).scene.frames
    assert not any(frame.card for frame in frames)


def test_a_slice_and_a_graph_in_parts_have_no_card() -> None:
    t = adviz.reverse("sin(x)*y + x", at=POINT)
    assert not any(frame.card for frame in adviz.animate(t, around="y").scene.frames)
    assert not any(frame.card for frame in adviz.animate(t, boxes=2).scene.frames)


def test_many_rows_are_told_by_their_number() -> None:
    names = [f"x{k}" for k in range(12)]
    long = adviz.reverse("*".join(f"sin({n})" for n in names), dict.fromkeys(names, 0.5))
    shown = card(adviz.animate(long).scene)
    assert shown[-1].startswith("… | and 4 more |") and len(shown) == 1 + 1 + 8 + 1
    assert shown[2].startswith("∂f/∂x₀ | = v₁₀ · v₁₂ · v₁₄ · v₁₆ · v₁₈ · v₂ · v₂₀ · v₂₂ · v₄")


def test_what_no_way_makes_fit_is_told_by_its_operations() -> None:
    graph, key = adviz.build("+".join(f"x**{k}*y" for k in range(2, 42))), Key("f", "x")
    shown = written(graph, ("x", "y"), [key])[key].shown
    assert unicode_text(shown) == "an expression of 119 operations"


def test_what_would_take_too_long_is_not_checked_and_says_so() -> None:
    slow = "+".join(f"zeta(x*{k})*y" for k in range(2, 22))
    scene = adviz.animate(adviz.reverse(slow, at={"x": 2, "y": 1})).scene
    assert said(scene).endswith("it would take too long here; ask adviz.check")
    assert card(scene)[0] == "Result | formula | number"


def test_without_a_check_there_is_no_card_unless_it_is_symbolic() -> None:
    t = adviz.reverse(PRODUCT, at=POINT)
    assert len(adviz.animate(t, check=False).scene.frames) == 11
    scene = adviz.animate(t, check=False, symbolic=True).scene
    assert card(scene)[2:] == ["∂f/∂x | = 2x | = 6", "∂f/∂y | = −2y | = −4"]


SYMBOLS = {
    PRODUCT: ["v̄₁ = x − y = 1", "v̄₂ = x + y = 5", "x̄ = x + y = 5", "ȳ = −x − y = −5",
              "x̄ = 2x = 6", "ȳ = −2y = −4"],
    "sin(x)*y": ["v̄₁ = y = 2", "ȳ = sin(x) = 0.14112", "x̄ = y · cos(x) = −1.97998"],
}  # fmt: skip


@pytest.mark.parametrize("text", SYMBOLS)
def test_every_contribution_says_what_has_arrived_in_the_inputs(text: str) -> None:
    scene = adviz.animate(adviz.reverse(text, at=POINT), symbolic=True).scene
    formulas = (unicode_text(f.formula, scene.text) for f in scene.frames if f.edge is not None)
    assert sorted(composed(f).split(" ⇒ ")[-1] for f in formulas) == sorted(SYMBOLS[text])


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "no sweep": (
        lambda: adviz.animate(adviz.evaluate("x", at={"x": 1}), symbolic=True),
        "symbolic=True is for forward and reverse sweeps; this film has none",
    ),
    "parts": (
        lambda: adviz.animate(adviz.reverse(PRODUCT, POINT), boxes=2, symbolic=True),
        "symbolic=True is for the sweeps of all of a graph, not for a slice, or a graph in parts",
    ),
    "elimination": (
        lambda: adviz.animate(adviz.eliminate(PRODUCT, POINT, "forward"), symbolic=True),
        "symbolic=True is for the sweeps of all of a graph, not for a film of its own",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_symbols_are_refused_of_what_has_none(name: str) -> None:
    asked, words = REFUSED[name]
    with pytest.raises(adviz.AdvizError) as error:
        asked()
    assert str(error.value) == words


def test_a_minus_keeps_the_parentheses_that_it_needs() -> None:
    texts = {
        "-(2*y)": "−2y",
        "-(x/y)": "−x/y",
        "-(x + y)": "−(x + y)",
        "-(x - y*2)": "−(x − y · 2)",
    }
    assert {t: unicode_text(formula(adviz.build(t), "f")) for t in texts} == texts


def test_moving_pictures_tell_the_result_in_words() -> None:
    from adviz.render.animated_svg import animation

    film = animation(adviz.animate(adviz.reverse(PRODUCT, at=POINT)).scene).decode()
    words = "".join(re.findall(">([^<]+)<", film))
    assert AGREE in words and "∂f/∂x = 2x = 6" in words


def test_what_vanishes_has_no_digits_to_agree_in() -> None:
    """At an inflection of the normal density its slope by sigma is 0, and a float is not."""
    density = "exp(-(x - m)**2/(2*s**2))/(s*sqrt(2*pi))"
    film = adviz.animate(adviz.reverse(density, at={"x": 1.3, "m": 0.5, "s": 0.8})).scene
    assert any("10⁻¹⁷" in row and row.count("✓") == 3 for row in card(film))
    assert re.match(f"{AGREE} to 1[45] digits with the truth", said(film))
    assert said(film).endswith("; what is 0 in truth is off by rounding alone")
