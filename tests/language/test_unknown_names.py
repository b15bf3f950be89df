"""Names that people type: each is a function, or the error says what to write instead."""

from __future__ import annotations

import pytest

import adviz
from adviz.errors import FormulaError
from adviz.language.unknown_names import WRITTEN_OUT
from adviz.primitives import TABLE, spellings

SPELLINGS = {
    "tg(x)": "tan(x)",
    "ctg(x)": "cot(x)",
    "cosec(x)": "csc(x)",
    "arctg(x)": "atan(x)",
    "arcctg(x)": "acot(x)",
    "sh(x) + ch(x) + th(x)": "sinh(x) + cosh(x) + tanh(x)",
    "arsinh(x) + arcosh(x + 2) + artanh(x/9)": "asinh(x) + acosh(x + 2) + atanh(x/9)",
    "sgn(x) + signum(x)": "sign(x) + sign(x)",
    "ceiling(x)": "ceil(x)",
    "log_expit(x)": "logsigmoid(x)",
}
CURES = {
    "norm(x, y)": r"write hypot\(x, y\)",
    "softmax(x, y)": r"write exp\(x\)/\(exp\(x\) \+ exp\(y\)\)",
    "logsumexp(x, y)": r"write logaddexp\(x, y\)",
    "square(x)": r"write x\*\*2",
    "Clamp(x)": r"write clip\(x, 0, 1\)",
    "SIN(x)": r"did you mean sin\?",
    "sinn(x)": "did you mean sin or sinh",
    "squrt(x)": r"did you mean sqrt\?",
    "betainc(x, y, a)": r"formula\); adviz.primitive brings a function of your own",
    "elliptic_f(x, y)": r"formula\); adviz.primitive brings a function of your own",
}


@pytest.mark.parametrize(("text", "usual"), SPELLINGS.items())
def test_a_function_has_the_names_it_has_elsewhere(text: str, usual: str) -> None:
    assert adviz.build(text) == adviz.build(usual)


@pytest.mark.parametrize("name", WRITTEN_OUT)
def test_what_is_written_out_is_no_function_and_can_be_written(name: str) -> None:
    assert name not in spellings(TABLE.values())
    assert adviz.build(WRITTEN_OUT[name]).inputs


@pytest.mark.parametrize(("text", "words"), CURES.items())
def test_a_function_that_is_missing_says_what_to_write(text: str, words: str) -> None:
    name = text.partition("(")[0]
    with pytest.raises(FormulaError, match=f"there is no function {name}(?s:.)*{words}"):
        adviz.build(text)


VALUES = {
    "clip(x, -1, 0.5)": (-0.3, -0.3, 1.0),
    "heaviside(x)*x**2": (3.0, 9.0, 6.0),
    "frac(x)": (-0.25, 0.75, 1.0),
    "entr(x)": (1.0, 0.0, -1.0),
    "xlog1py(x, x)": (0.0, 0.0, 0.0),
    "huber(1, x)": (-3.0, 2.5, -1.0),
    "pseudo_huber(3, x)": (4.0, 6.0, 2.4),
    "rel_entr(x, 2)": (2.0, 0.0, 1.0),
}


@pytest.mark.parametrize(("text", "known"), VALUES.items())
def test_functions_of_pieces_and_entropies(text: str, known: tuple[float, float, float]) -> None:
    x, value, slope = known
    trace = adviz.reverse(text, at={"x": x})
    assert (trace.value, trace.gradient["x"]) == pytest.approx((value, slope), rel=1e-15)
