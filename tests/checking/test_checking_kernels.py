"""`check` sweeps without steps, and judges kernels: the numbers are those of the sweeps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS
from laws import inside, points
from traps import TRAPS

import adviz
from adviz.checking.report.data import document
from adviz.checking.truth import rounding
from adviz.checking.truth.operations import operations
from adviz.checking.truth.sympys import with_sympys
from adviz.graph.graph import Graph
from adviz.graph.procedure import is_lazy
from adviz.modes.evaluation import evaluated
from adviz.modes.fast.jacobian import swept, values_at
from adviz.modes.fast.written_out import WrittenOut
from adviz.modes.linear import Linear
from adviz.modes.sweep import adjoints, tangents
from adviz.modes.sympy_partials import with_sympy_partials
from adviz.numbers import FLOAT64, Number, Numbers, multiprecision

TEXTS = [(trap.text, dict(trap.at)) for trap in TRAPS[::4]] + [
    (one.text, {name: low + 0.4 * (high - low) for name, (low, high) in one.ranges.items()})
    for one in CORPUS[::12]
]
SYSTEMS = (FLOAT64, multiprecision(50), with_sympys(multiprecision(50)))
SAMPLE = CORPUS[5::40]


def stepwise(
    graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[int]
) -> dict[str, list[Number]]:
    """Return the derivatives of all outputs by the sweeps themselves, in both modes."""
    reverse, forward, one = [], [], numbers.constant(1)
    for output in graph.outputs.values():
        held = adjoints(Linear(graph, numbers, found, wanted), [(output, one)])
        reverse += [held[node] for node in wanted]
        for node in wanted:
            along = tangents(Linear(graph, numbers, found, [node]), [(node, one)])
            forward.append(along[output])
    zero, modes = numbers.constant(0), {"reverse": reverse, "forward": forward}
    return {mode: [zero if n is None else n for n in row] for mode, row in modes.items()}


def shown(numbers: Sequence[Number]) -> list[str]:
    """Return numbers to the last bit, and the sign of 0."""
    return [*map(repr, numbers)]


@pytest.mark.parametrize("numbers", SYSTEMS, ids=lambda one: one.name)
@pytest.mark.parametrize(("text", "point"), TEXTS, ids=str)
def test_numbers_are_those_of_the_sweeps_to_the_last_bit(
    text: str, point: Mapping[str, float], numbers: Numbers
) -> None:
    graph = adviz.build(text)
    exact = {name: numbers.constant(point[name]) for name in graph.inputs}
    found = evaluated(graph, numbers, exact)
    right = stepwise(graph, numbers, found, [*graph.inputs.values()])
    assert shown(values_at(graph, numbers, point)) == shown(found)
    for mode, derivatives in right.items():
        ours = swept(graph, numbers, point, graph.inputs, mode).values()
        assert shown([*ours]) == shown(derivatives)
        if not is_lazy(graph):
            written = WrittenOut(graph, mode, [*graph.inputs]).function(numbers)
            known, straight = written(*exact.values())
            assert shown(known) == shown(found)
            assert shown(straight) == shown(derivatives)


@pytest.mark.parametrize("row", adviz.primitives.TABLE.values(), ids=lambda row: row.name)
def test_local_partials_written_out_are_sympys(row: adviz.Primitive) -> None:
    numbers = multiprecision(40)
    point = [numbers.constant(number) for number in points(row.name, 1)[0]]
    for position in filter(row.differentiable, range(row.arity)):
        slopes = (system.partial(row, position) for system in (with_sympy_partials(numbers),
                                                                with_sympys(numbers)))  # fmt: skip
        first, second = (slope(*point, numbers.constant(0.5)) for slope in slopes)
        assert shown([first]) == shown([second])


AT_ORDERS = [
    pytest.param(row, at, id=f"{row.name}-{order}")
    for row in adviz.primitives.TABLE.values()
    if row.orders
    for order in range(4)
    if inside(row, at := (float(order), 0.625, 0.75)[: row.arity])
]
"""The rows of an order, at the lowest ones in their domains."""


@pytest.mark.parametrize(("row", "at"), AT_ORDERS)
def test_sympys_slopes_are_ours_at_the_lowest_orders(
    row: adviz.Primitive, at: tuple[float, ...]
) -> None:
    numbers = multiprecision(40)
    point = [numbers.constant(number) for number in at]
    value = numbers.function(row.name)(*point)
    for position in filter(row.differentiable, range(row.arity)):
        ours, sympys = (
            system.partial(row, position)(*point, value)
            for system in (numbers, with_sympy_partials(numbers))
        )
        assert abs(ours - sympys) <= abs(ours) * numbers.constant(10) ** -30


@pytest.fixture
def by_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Make nothing in `checking` written-out code from now on, but all of it sweeps."""

    def forget() -> None:
        rounding._rounding.cache_clear()
        rounding._in_float64.cache_clear()

    def change() -> None:
        forget()
        monkeypatch.setattr(WrittenOut, "bound", lambda *_: None)

    yield change
    forget()


def reports(text: str, **how: Any) -> Iterator[dict[str, Any]]:
    """Yield what is found about adviz's modes, and about a gradient with a small mistake."""
    graph = adviz.build(text)

    def gradient(*numbers: float) -> dict[str, float]:
        found = adviz.gradient(graph, dict(zip(graph.inputs, numbers, strict=True)), errors="ieee")
        return {name: slope * (1 + 1e-3) for name, slope in found.items()}

    for claim in (None, gradient):
        yield document(adviz.check(graph, gradient=claim, **how))


CHECKED: list[tuple[str, dict[str, Any]]] = [
    *((trap.text, {"at": trap.at}) for trap in TRAPS[2::12] if len(trap.text) < 400),
    *((one.text, {"points": 13, "ranges": one.ranges}) for one in SAMPLE if len(one.text) < 400),
]


@pytest.mark.parametrize(("text", "how"), CHECKED, ids=str)
def test_reports_are_those_of_the_sweeps_byte_for_byte(
    text: str, how: dict[str, Any], by_steps: Callable[[], None]
) -> None:
    fast = [*map(repr, reports(text, **how))]
    by_steps()
    assert fast == [*map(repr, reports(text, **how))]


# --- kernels as claims ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["gradient", "jacobian"])
@pytest.mark.parametrize("formula", SAMPLE, ids=lambda one: one.name)
def test_a_kernel_is_judged_like_any_other_gradient(formula: Any, kind: str) -> None:
    kernel = adviz.compile(formula.text, kind)
    report = adviz.check(formula.text, gradient=kernel, ranges=formula.ranges, points=8)
    report.raise_if_wrong()
    assert report.verdict == adviz.check(formula.text, ranges=formula.ranges, points=8).verdict


@pytest.mark.parametrize("row", ["sin", "exp", "tanh", "erf", "sqrt", "expm1"])
def test_a_kernel_with_one_partial_changed_is_found_wrong(row: str) -> None:
    slope = adviz.primitives.TABLE[row].partials[0].replace("z", f"{row}(x)")
    bad = adviz.primitive("bad", f"{row}(x)", partials=f"1.0001*({slope})")
    kernel = adviz.compile(adviz.build("y*bad(x*y) + x", functions=[bad]))
    report = adviz.check(f"y*{row}(x*y) + x", gradient=kernel, ranges={"x": (0.5, 1), "y": (1, 2)})
    assert report.verdict == "wrong gradient"


def test_a_kernel_of_several_outputs_and_of_vectors() -> None:
    several = {"p": "x*y", "q": "sin(x) + y"}
    assert adviz.check(several, gradient=adviz.compile(several, "jacobian")).verdict == "agrees"

    def weighed(v: Any, s: float) -> Any:
        return s * (v * v).sum()

    graph = adviz.build(weighed, shapes={"v": 3})
    assert adviz.check(graph, gradient=adviz.compile(graph)).verdict == "agrees"


def test_a_kernel_goes_on_where_there_is_no_value() -> None:
    text, places = "log(x)*y + abs(y)", [{"x": x, "y": y} for x in (-1, 0, 2) for y in (0, 3)]
    own = adviz.check(text, at=places)
    claimed = adviz.check(text, at=places, gradient=adviz.compile(text))
    assert {verdict: 2 * n for verdict, n in claimed.counts.items()} == own.counts


@pytest.mark.parametrize(
    ("kernel", "said"),
    [
        (lambda: adviz.compile("x*y", "hessian"), "a hessian kernel gives no gradient"),
        (lambda: adviz.compile("x*y", "value"), "a value kernel gives no gradient"),
        (lambda: adviz.compile("x*z"), "has the inputs x, z; the function has x, y"),
        (lambda: adviz.compile("x*y", wrt="x"), "nothing for the input 'y'"),
    ],
)
def test_a_kernel_that_does_not_fit_is_refused(kernel: Callable[[], Any], said: str) -> None:
    with pytest.raises(adviz.AdvizError, match=said):
        adviz.check("x*y", gradient=kernel())


def test_a_row_defined_anew_is_the_one_that_is_checked() -> None:
    verdicts = []
    for factor in ("1", "1.01", "1"):
        own = adviz.primitive("own", "sin(x)", partials=f"{factor}*cos(x)")
        graph = adviz.build("own(x)*x", functions=[own])
        verdicts.append(adviz.check(graph, points=30).verdict)
    assert verdicts == ["agrees", "wrong rule", "agrees"]


def test_an_input_of_minus_zero_is_not_taken_for_zero() -> None:
    made = operations(adviz.build("1/x"), "reverse", ("x",))
    key = next(iter(made.derivatives))
    signs = [
        math.copysign(1, at) for at in np.frombuffer(rounding._packed(made.graph, {"x": -0.0}))
    ]
    assert signs == [-1]
    assert rounding.quick_bound(made, key, {"x": -0.0}) == math.inf


@pytest.mark.parametrize(
    ("function", "at"),
    [
        (lambda p, x: p["a"] * x + p["b"] ** 2, {"p": {"a": 1.0, "b": 2.0}, "x": 3.0}),
        (lambda layers: sum(w @ w + b for w, b in layers), {"layers": [(np.ones(2), 1.0)]}),
        (lambda m, x: (m @ x)[0], {"m": np.ones((1, 2)), "x": np.ones(2)}),
    ],
)
def test_a_kernel_of_a_function_of_structures_is_judged(
    function: Callable[..., Any], at: Mapping[str, Any]
) -> None:
    graph = adviz.build(function, at=at)
    report = adviz.check(graph, at=at, gradient=adviz.compile(graph))
    assert report.verdict == "agrees"
    assert sum(report.counts.values()) == len(graph.inputs)
