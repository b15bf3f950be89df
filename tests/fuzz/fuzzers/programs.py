"""Programs: random Python functions, traced, against themselves run again in many digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import mpmath
import numpy as np
from hypothesis import strategies as st
from laws import gradient_rounding

import adviz
from adviz.errors import TracingError
from fuzzers.fuzzer import Fuzzer

DIGITS = 60
STEP = mpmath.mpf(10) ** -20
"""Of the central differences; their own error is about its square."""
MARGIN = 8
"""Times the first-order bound on rounding."""

CONSTANTS = 1e-12
"""What the program's own rounding of numbers that depend on no input may do."""
LONGEST_ERROR = 3000

Point = tuple[float, float, tuple[float, ...]]


class Program(NamedTuple):
    """The source of a function f(x, y, v), and where it is called."""

    source: str
    at: Point

    def __repr__(self) -> str:
        return f"at {self.at}\n{self.source}"


# --- What is written -----------------------------------------------------------------------------

HEAD = """\
@dataclass
class Pair:
    first: float
    second: float = 1.0

    def product(self):
        return self.first*self.second

def helper(a, b=2.0, *rest):
    return a*b + sum(rest)

def twice(g, a):
    return g(g(a))

def f(x, y, v):
    a = x
    s = 0.0
    w = v.copy()
    n = 3
"""

numbers = st.sampled_from("0.5 1 2 3.0 -1.5 n".split())
names = st.sampled_from("x y a s v[0] v[1] v[-1] w[2] w[n-1]".split())


def _larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = [
        "math.sin({})", "math.exp(math.sin({}))", "np.cos({})", "math.atan({})", "np.tanh({})",
        "abs({})", "-({})", "({})**2", "math.sqrt(1 + ({})**2)", "np.log1p(({})**2)",
        "math.erf({})",
        "twice(math.sin, {})", "(lambda t: t*x)({})", "pow({}, 3)",
        "np.exp(-abs({}))", "sum([{}, x, y])", "np.where(x > y, {}, s)", "helper({})",
        "round(2.6)*({})",
    ]  # fmt: skip
    two = [
        "({} + {})", "({} - {})", "{} * {}", "({})/(1 + ({})**2)", "max({}, {})", "min({}, {})",
        "math.hypot({}, {} + 3)", "helper({}, {}, 1.0)", "Pair({}, {}).product()",
        "np.maximum({}, {})", "({} if x > 0 else {})", "math.atan2({}, 2 + ({})**2)",
        "np.dot([{}, 1.0], [2.0, {}])", "math.fsum([{}, {}])", "({}, {})[1]",
        "sorted([{}, {}])[0]", "{{'k': {}, 'l': {}}}['l']", "np.array([{}, {}]).mean()",
    ]  # fmt: skip
    return st.one_of(
        st.tuples(st.sampled_from(one), parts).map(lambda p: p[0].format(p[1])),
        st.tuples(st.sampled_from(two), parts, parts).map(lambda p: p[0].format(*p[1:])),
    )


scalars = st.recursive(names | numbers, _larger, max_leaves=5)
vectors = st.sampled_from(
    "v w v*w w[::-1] v[:] 2*w+1 v-x*w np.sin(w) np.exp(-v**2) np.cumsum(w) v[[2,0,1]] "
    "np.array([x,y,a]) np.where(v>0,w,v*w) np.stack([v,w])[1] (np.outer(v,w)@v)/(1+s*s) "
    "np.concatenate([v[1:],w[:1]]) np.roll(w,1) np.abs(w) np.maximum(v,w) np.full(3,a)".split()
)
folds = st.sampled_from([
    "np.sum({})", "({}).sum()", "np.dot({}, v)", "({})@w", "np.mean({})", "({})[1:].sum()",
    "max({})",    "np.prod(np.cos({}))", "np.linalg.norm(1 + ({})**2)", "sum({})", "np.max({})",
    "(({})**2).mean()",    "sum(t*t*i for i, t in enumerate({}))", "[u for u in {}][1]", "({})[0]",
])  # fmt: skip
values = scalars | st.tuples(folds, vectors).map(lambda p: p[0].format(p[1]))

_BLOCKS: Sequence[tuple[str, ...]] = (
    ("for i in range(n):", "    s += ({0})*(i + 1)"),
    ("for t in v:", "    a = a*0.5 + t*({0})"),
    ("for i, (t, u) in enumerate(zip(v, w)):", "    s = s + t*u/(i + 1)"),
    ("if {0} > {1}:", "    a = {1}", "else:", "    a = a - {0}"),
    ("if x > y and not s > 3:", "    s = s + {0}", "elif y < 0:", "    a = {1}"),
    ("k = 0", "while k < n:", "    a = math.sin(a) + {0}", "    k += 1", "    if k == 2: break"),
    ("w[1] = {0}",),
    ("w[0] += {0}",),
    ("w *= 0.5",),
    ("w[1:] = v[:2]*({0})",),
    ("w[w > 0] = {0}",),
    ("w = {2}",),
    ("a, s = s, {0}",),
    ("a += {0}",),
    ("s = sum(t*({0}) for t in v if t is not None)",),
    ("p = Pair({0})", "p.second = {1}", "a = p.product()"),
    ("def inner(t, c={0}):", "    nonlocal s", "    s = s + c", "    return t*a", "a = inner({1})"),
    ("items = [{0}, a]", "items.append({1})", "items[0] *= 2", "a = sum(items)"),
    ("table = dict(p={0}, q=a)", "table['q'] -= {1}", "s = table['p']*table['q']"),
    ("try:", "    a = a/(1 + ({0})**2)", "except ZeroDivisionError:", "    a = 0.0"),
    ("z = np.zeros(3)", "z[0] = {0}", "z[2] = a", "w = w + z"),
    ("first, *rest = [{0}, a, s]", "s = first*sum(rest)"),
    ("s = (c := {0})*c",),
    ("a = helper(*[{0}, {1}])",),
    ("matrix = np.outer(v, w)", "s = s + matrix[1, :]@v + {0}", "matrix[0] = w"),
    ("assert n == 3",),
)  # fmt: skip


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Draw a function of two numbers and an array of three."""
    lines = []
    for block in draw(st.lists(st.sampled_from(_BLOCKS), max_size=6)):
        filled = [draw(values), draw(scalars), draw(vectors)]
        lines += ["    " + line.format(*filled) for line in block]
    result = draw(values)
    coordinates = st.floats(-2, 2).map(lambda x: round(x, 3) + 0.000137)
    at = (draw(coordinates), draw(coordinates), tuple(draw(coordinates) for _ in range(3)))
    source = HEAD + "\n".join([*lines, f"    return {result} + 0.1*a + 0.1*s + w.sum()"]) + "\n"
    return Program(source, at)


# --- What it is run with -------------------------------------------------------------------------


def _each(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function of numbers as one of numbers and of arrays of them."""
    many = np.vectorize(function, otypes=[object])
    return lambda given: many(given) if isinstance(given, np.ndarray) else function(given)


def _where(condition: Any, yes: Any, no: Any) -> Any:
    chosen = np.where(condition, yes, no)
    return chosen if chosen.ndim else chosen.item()


OF_MATH = "sin cos tan tanh exp atan sqrt log1p erf atan2 hypot".split()
OF_NUMPY = "sum dot mean prod max abs maximum cumsum outer stack concatenate roll".split()
MATH = SimpleNamespace(**{name: getattr(mpmath.mp, name) for name in OF_MATH}, fsum=sum)
"""What stands for math where numbers have many digits."""
NUMPY = SimpleNamespace(
    **{name: getattr(np, name) for name in OF_NUMPY},
    **{name: _each(getattr(mpmath.mp, name)) for name in OF_MATH},
    array=lambda data: np.array(data, dtype=object),
    zeros=lambda count: np.array([mpmath.mpf(0)] * count, dtype=object),
    full=lambda count, fill: np.array([fill] * count, dtype=object),
    where=_where,
    linalg=SimpleNamespace(norm=lambda array: mpmath.mp.sqrt((array**2).sum())),
)
"""What stands for NumPy there: its arrays of objects, and mpmath's functions of each of them."""


def made(source: str, math_: Any, arrays: Any) -> Callable[..., Any]:
    """Return the function of a source."""
    space: dict[str, Any] = {"math": math_, "np": arrays, "dataclass": dataclass}
    exec(compile(source, "<program>", "exec"), space)  # noqa: S102 - drawn by this module
    found: Callable[..., Any] = space["f"]
    return found


def rerun(program: Program) -> list[Any]:
    """Return central differences of the program run in many digits."""
    function = made(program.source, MATH, NUMPY)

    def at(place: int, side: int) -> Any:
        moved = [mpmath.mpf(x) + (k == place) * side * STEP for k, x in enumerate(flat(program.at))]
        return function(*moved[:2], np.array(moved[2:], dtype=object))

    with mpmath.workdps(DIGITS):
        return [(at(k, 1) - at(k, -1)) / (2 * STEP) for k in range(5)]


def flat(at: Point) -> tuple[float, ...]:
    """Return the numbers of a point in a row."""
    x, y, v = at
    return (x, y, *v)


def runs(function: Callable[..., Any], at: Point) -> bool:
    """Return whether the function gives a finite number by itself."""
    try:
        return math.isfinite(function(*at[:2], np.array(at[2])))
    except (ArithmeticError, ValueError, TypeError, IndexError, NameError):
        return False


def law(program: Program) -> str:
    """Hold the gradient of the traced program to differences in many digits, or see it refused."""
    function = made(program.source, math, np)
    if not runs(function, program.at):
        return "raises by itself"
    x, y, v = program.at
    try:
        graph = adviz.build(function, at={"x": x, "y": y, "v": np.array(v)})
    except TracingError as error:
        assert 0 < len(str(error)) < LONGEST_ERROR
        return "refused"
    at = dict(zip(graph.inputs, flat(program.at), strict=True))
    if "kink" in adviz.evaluate(graph, at).status:
        return "on a kink"
    bounds = gradient_rounding(graph, at, next(iter(graph.outputs)))
    for (name, slope), wanted in zip(
        adviz.gradient(graph, at).items(), rerun(program), strict=True
    ):
        allowed = MARGIN * bounds[name] + CONSTANTS * max(1, abs(wanted))
        assert abs(slope - wanted) <= allowed, f"d/d{name} is {slope}, not {float(wanted)}"
    return "agree"


FUZZER = Fuzzer(
    "programs",
    "Python functions of numbers and an array, drawn as source: loops, branches, closures, "
    "dataclasses, slices, masks, updates in place, comprehensions, `math` and NumPy. The gradient "
    "of what is traced is that of the program run again in 60 digits, or the program is refused.",
    programs(),
    law,
    examples=80,
)
