"""Texts: whatever is written is refused with one clear error or computed, and soon."""

from __future__ import annotations

from itertools import cycle

from hypothesis import strategies as st

import adviz
from adviz.errors import AdvizError
from adviz.primitives import TABLE
from fuzzers.fuzzer import Fuzzer

LONGEST_ERROR = 1500
"""Characters of an error's text: it never repeats a long input whole."""
COORDINATES = (0.7, 1.3, -0.4, 2.5)

NAMES = "x y z x1 a_b θ µ μ ﬁ pi e f gamma beta lambda_ I _ __class__ v3 None True".split()
NUMERALS = (
    "0 1 2 -3 2.5 .5 5. 1_000 0x1F 0b11 0o17 1e5 1E-7 1e308 1e309 1e-400 1e99999999999 00 01 1__0 "
    "1j 0x 1e ५ ² 1.5.2 9**9**9 2**-1074 179769313486231570814527423731704356798070.0 "
    f"{'7' * 400} 0.{'3' * 400}"
).split()
SYMBOLS = "+ - * / ** // % ^ @ ~ ! & | < <= > >= == != = := -> ( ) [ ] { } , ; : . ... # \\".split()
WORDS = "if else and or not in is for lambda import def return yield await".split()
ODDITIES = [
    "\n", "\t", "\f", "\r", "\0", "\ufeff", "\u200b", "\u202e", "\u2028", "−", "×", "·", "√x", "x²",
    "“", "'", '"', '"""', "f'{x}'", "$x$", "\ud800", "\U0001f642", "x\u0301", "__import__('os')",
    "f(x, y) = ", "a = ", "a = b = ", "x.real", "x[0]", "lambda x: x", "*x", "**x", "k=2",
]  # fmt: skip

numbers = (
    st.sampled_from(NUMERALS) | st.integers().map(str) | st.floats(0, allow_nan=False).map(repr)
)
leaves = st.sampled_from(NAMES[:8]) | numbers
tokens = st.one_of(
    leaves,
    st.sampled_from([name for row in TABLE.values() for name in (row.name, *row.aliases)]),
    st.sampled_from(NAMES + SYMBOLS + WORDS + ODDITIES),
)


def _larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.tuples(parts, st.sampled_from("+ - * / ** %".split()), parts).map(" ".join)
    chosen = st.tuples(parts, st.sampled_from("< <= > >= == !=".split()), parts, parts).map(
        lambda p: f"where({p[0]} {p[1]} {p[2]}, {p[3]}, {p[0]})"
    )
    return st.one_of(
        binary.map("({})".format),
        parts.map("-{}".format),
        chosen,
        st.sampled_from([row for row in TABLE.values() if row.args]).flatmap(
            lambda row: st.lists(parts, min_size=row.arity, max_size=row.arity).map(
                lambda args: f"{row.name}({', '.join(args)})"
            )
        ),
        st.tuples(parts, parts).map(lambda p: f"a = {p[0]}; a*({p[1]})"),
    )


formulas = st.recursive(leaves, _larger, max_leaves=12)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Draw a formula of which some places have become something else."""
    text = draw(formulas)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 4))
        text = text[:start] + draw(tokens | st.text(max_size=3) | st.just("")) + text[end:]
    return text


NESTS = (
    ("(", ")"), ("-", ""), ("sin(", ")"), ("x + ", ""), ("x**", ""), ("not ", ""), ("x if ", ""),
    ("where(x > 0, ", ", 1)"), ("[", "]"), ("a = x; ", ""), ("x < ", ""), ("max(x, ", ")"),
    ("", "*x"), ("f(", ")"), ("x and ", ""), ("# ", "\n"), ("", " "), ("9", "9"), ("where(", ""),
    ("x/(1 + ", ")"), ("abs(", ")*x"), ("x if x > 0 else ", ""), ("2*", ""), ("", ";"), ("é", ""),
)  # fmt: skip


@st.composite
def deep(draw: st.DrawFn) -> str:
    """Draw something wrapped in itself many times; as often as not every bracket is closed."""
    opening, closing = draw(st.sampled_from(NESTS))
    opened = draw(st.sampled_from([1, 10, 300, 3000]))
    closed = draw(st.just(opened) | st.sampled_from([0, 1, opened - 1, opened + 1]))
    return opening * opened + draw(leaves) + closing * closed


texts = st.one_of(
    formulas,
    damaged(),
    deep(),
    st.lists(tokens, max_size=14).map(" ".join),
    st.lists(tokens, max_size=14).map("".join),
    st.text(st.characters(), max_size=40),
    st.binary(max_size=60).map(lambda data: data.decode("latin-1")),
    st.binary(max_size=60).map(lambda data: data.decode("utf-8", "surrogateescape")),
)


def law(text: str) -> str:
    """Build, write, read again and compute; an error is adviz's own, and short."""
    try:
        graph = adviz.build(text)
    except AdvizError as error:
        assert 0 < len(str(error)) < LONGEST_ERROR
        return type(error).__name__
    again = adviz.build(graph.text)
    assert again == graph and again.text == graph.text
    return f"built, {computed(graph)}"


def computed(graph: adviz.Graph) -> str:
    """Say whether a graph has a gradient at a usual point; whatever else it has is an error."""
    at = dict(zip(graph.inputs, cycle(COORDINATES), strict=False))
    try:
        slopes = adviz.gradient(graph, at)
    except AdvizError as error:
        assert 0 < len(str(error)) < LONGEST_ERROR
        return type(error).__name__
    assert list(slopes) == list(graph.inputs)
    return "computed"


FUZZER = Fuzzer(
    "texts",
    "Formulas, damaged formulas, nests of thousands, huge numbers, any characters, any bytes. Each "
    "is refused with one short error, or builds, is read back from what is written of it as the "
    "same graph, and is computed or refused.",
    texts,
    law,
    examples=500,
)
