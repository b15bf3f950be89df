"""What other frameworks do differently, as measured: at kinks, and in rules that lose digits.

At a kink any number between the one-sided slopes is a defensible convention, and frameworks choose
differently, from each other and from one version to the next. Each number in `KINKS` was returned
by the version named in `VERSIONS`; `tests/test_frameworks.py` asks the installed frameworks again.

Elsewhere all agree on the derivative, but not on its formula: many compute tanh′ as 1 - z², which
keeps half of its digits at x = 9 and none from x = 20 on. `USUAL` holds such formulas, so that a
derivative is not called wrong for digits that its formula cannot keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from adviz.graph.graph import Graph
from adviz.graph.sameness import remembered
from adviz.language.numerals import in_text
from adviz.primitives import TABLE, Primitive

Partials = tuple[float, ...] | None
"""The derivatives by each input; None where a framework has no such function or derivative."""

VERSIONS = {"JAX": "0.10", "PyTorch": "2.13", "autograd": "1.9", "TensorFlow": "2.21"}
"""The frameworks, in the order of the table's columns, with the version measured."""


@dataclass(frozen=True, slots=True)
class Kink:
    """One formula at one point where it has no derivative, and what each framework returns."""

    name: str
    """The row whose kink or pole it is; the formula itself where it is made of several."""
    text: str
    at: tuple[float, ...]
    """The inputs in the formula's order."""
    returned: tuple[Partials, ...]
    """In the order of `VERSIONS`."""


def _kink(name: str, text: str, at: tuple[float, ...], columns: str) -> Kink:
    """Return one line of the table: derivatives joined by commas, – where there are none."""
    returned = (
        None if cell == "–" else tuple(map(float, cell.split(","))) for cell in columns.split()
    )
    return Kink(name or text, text, at, tuple(returned))


# One aligned line per kink is the point of the table.
# fmt: off
KINKS: tuple[Kink, ...] = (
    #      row           formula                  at       JAX       PyTorch   autograd  TensorFlow
    _kink("abs",         "abs(x)",                (0,),    "1         0         0         0"),
    _kink("sign",        "sign(x)",               (0,),    "0         0         0         0"),
    _kink("relu",        "relu(x)",               (0,),    "0         0         –         0"),
    _kink("leaky_relu",  "leaky_relu(x, 0.25)",   (0,),    "1         0.25      –         0.25"),
    _kink("max",         "max(x, y)",             (1, 1),  "0.5,0.5   0.5,0.5   0.5,0.5   1,0"),
    _kink("min",         "min(x, y)",             (1, 1),  "0.5,0.5   0.5,0.5   0.5,0.5   1,0"),
    _kink("floor",       "floor(x)",              (1,),    "0         0         0         0"),
    _kink("ceil",        "ceil(x)",               (1,),    "0         0         0         0"),
    _kink("trunc",       "trunc(x)",              (1,),    "0         0         0         –"),
    _kink("round",       "round(x)",              (0.5,),  "0         0         0         0"),
    _kink("frac",        "frac(x)",               (1,),    "1         1         –         –"),
    _kink("heaviside",   "heaviside(x)",          (0,),    "0         –         –         –"),
    _kink("clip",        "clip(x, a, b)",         (1, 1, 3), "0.5,0.5,0 1,0,0   –         –"),
    _kink("mod",         "x % y",                 (4, 2),  "1,-2      1,-2      1,-2      1,-2"),
    _kink("fmod",        "fmod(x, y)",            (4, 2),  "1,-2      1,-2      –         –"),
    _kink("floordiv",    "x // y",                (4, 2),  "0,0       –         –         0,0"),
    _kink("copysign",    "copysign(x, y)",        (0, 1),  "1,0       0,0       –         –"),
    _kink("hypot",       "hypot(x, y)",           (0, 0),  "0.5,0.5   nan,nan   nan,nan   –"),
    _kink("atan2",       "atan2(y, x)",           (0, 0),  "nan,nan   0,0       nan,nan   nan,nan"),
    _kink("where",       "where(x > 0, x, -x)",   (0,),    "-1        -1        -1        -1"),
    # poles: only the derivative is infinite
    _kink("sqrt",        "sqrt(x)",               (0,),    "inf       inf       inf       inf"),
    _kink("cbrt",        "cbrt(x)",               (0,),    "inf       –         –         –"),
    _kink("pow",         "x**0.5",                (0,),    "inf       inf       inf       inf"),
    _kink("asin",        "asin(x)",               (1,),    "inf       inf       inf       inf"),
    _kink("acos",        "acos(x)",               (1,),    "-inf      -inf      -inf      -inf"),
    _kink("acosh",       "acosh(x)",              (1,),    "inf       inf       inf       inf"),
    # formulas of several rows
    _kink("",            "max(x, 0)",             (0,),    "0.5       0.5       0.5       1"),
    _kink("",            "max(x, -x)",            (0,),    "0         0         0         1"),
    _kink("",            "where(x > 0, x, 0)",    (0,),    "0         0         0         0"),
    _kink("",            "where(x >= 0, x, 0)",   (0,),    "1         1         1         1"),
    _kink("",            "sqrt(x**2)",            (0,),    "nan       nan       nan       nan"),
    _kink("",            "sqrt(x*x + y*y)",       (0, 0),  "nan,nan   nan,nan   nan,nan   nan,nan"),
)
# fmt: on


def returned(name: str) -> str:
    """Return what each framework returns at a row's kink; empty when that is not known.

    >>> returned("abs")
    'JAX 0.10: 1, PyTorch 2.13: 0, autograd 1.9: 0, TensorFlow 2.21: 0'
    >>> returned("sin")
    ''
    """
    kink = next((kink for kink in KINKS if kink.name == name), None)
    if kink is None:
        return ""
    columns = zip(VERSIONS.items(), kink.returned, strict=True)
    return ", ".join(f"{who} {when}: {shown(them)}" for (who, when), them in columns if them)


def shown(partials: Partials) -> str:
    """Return derivatives as one number, or as several in parentheses.

    >>> shown((1.0,)), shown((0.5, float("nan"))), shown(None)
    ('1', '(0.5, NaN)', '–')
    """
    if partials is None:
        return in_text(None)
    numbers = ", ".join(map(in_text, partials))
    return numbers if len(partials) == 1 else f"({numbers})"


# --- rules that lose digits ----------------------------------------------------------------------

# fmt: off
USUAL: Mapping[str, tuple[str, ...]] = {
    "tanh":    ("1 - z**2",),                   # JAX, PyTorch: 1 - 1 from x = 20 on
    "sigmoid": ("z*(1 - z)",),                  # all: 1 - 1 from x = 37 on
    "expm1":   ("z + 1",),                      # all: -1 + 1 below x = -37
    "elu":     ("where(x > 0, 1, z + 1)",),     # JAX
    "sinc":    ("where(x == 0, 0, (cos(x) - z)/x)",),   # all: 1 - 1 near 0
    "gelu":    ("(1 + erf(x/sqrt(2)))/2 + x*exp(-x**2/2)/sqrt(2*pi)",),   # PyTorch: 1 - 1 at -6
    "asin":    ("1/sqrt(1 - x**2)",),           # PyTorch, autograd, as the three below
    "acos":    ("-1/sqrt(1 - x**2)",),
    "atanh":   ("1/(1 - x**2)",),
    "acosh":   ("1/sqrt(x**2 - 1)",),
}
# fmt: on
"""Local partials as others write them, where that costs digits."""


def _usual_row(row: Primitive, partials: tuple[str, ...]) -> Primitive:
    """Return a row of another name that computes the same, with others' local partials."""
    meaning = f"{row.name}({', '.join(row.args)})"
    return replace(
        row, name=f"usual_{row.name}", partials=partials, define=meaning, stable="", aliases=()
    )


_USUAL_ROWS = {name: _usual_row(TABLE[name], partials) for name, partials in USUAL.items()}


@remembered(64)
def as_usual(graph: Graph) -> Graph:
    """Return the same graph with local partials as other frameworks write them.

    >>> import adviz
    >>> g = adviz.build("tanh(x)")
    >>> adviz.gradient(g, {"x": 20}), adviz.gradient(as_usual(g), {"x": 20})
    ({'x': 1.6993417021166355e-17}, {'x': 0.0})
    """
    own = {name for name in USUAL if graph.rows.get(name) is TABLE[name]} & set(graph.ops)
    if not own:
        return graph
    ops = tuple(_USUAL_ROWS[op].name if op in own else op for op in graph.ops)
    rows = {**graph.rows, **{_USUAL_ROWS[name].name: _USUAL_ROWS[name] for name in USUAL}}
    return replace(graph, ops=ops, rows=MappingProxyType(rows))
