"""Arguments as people write them: each number is an input, and the callable sees its own kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest

import adviz
from adviz.errors import AdvizError, PointError


@dataclass(frozen=True)
class Pendulum:
    mass: float
    length: float
    label: str = "a"

    def energy(self, speed: Any) -> Any:
        return self.mass * (speed**2 / 2 + 9.81 * (1 - math.cos(self.length)))


@dataclass
class Disc:
    radius: float
    area: float = field(init=False)

    def __post_init__(self) -> None:
        self.area = math.pi * self.radius**2


class Pair(NamedTuple):
    a: float
    b: float


def network(layers: Any, x: Any) -> Any:
    for layer in layers:
        x = np.tanh(layer["w"] @ x + layer["b"])
    return x.sum()


LAYERS = [
    {"w": np.array([[0.1, 0.2], [0.3, 0.4]]), "b": np.array([0.5, 0.6])},
    {"w": np.array([[0.7, 0.8]]), "b": np.array([0.9])},
]
W1, B1, W2 = ["w0_0", "w0_1", "w1_0", "w1_1"], ["b0", "b1"], ["w0_0", "w0_1", "b0"]

CASES: Mapping[str, tuple[Callable[..., Any], Mapping[str, Any], list[str]]] = {
    "a dataclass": (
        lambda p, speed: p.energy(speed) if p.label == "a" else 0,
        {"p": Pendulum(2.0, 1.5), "speed": 3.0},
        ["p_mass", "p_length", "speed"],
    ),
    "what a dataclass derives": (lambda d: d.area * d.radius, {"d": Disc(2.0)}, ["d_radius"]),
    "a named tuple": (lambda q: q.a * q.b + q[0], {"q": Pair(2.0, 3.0)}, ["q_a", "q_b"]),
    "a mapping": (
        lambda p: p["k"] * sum(p["x"]) if p["on"] else 0,
        {"p": {"k": 2.0, "x": [1.0, 3.0], "on": True}},
        ["p_k", "p_x0", "p_x1"],
    ),
    "a list of arrays": (
        lambda ws: sum((w * w).sum() for w in ws),
        {"ws": [np.array([1.0, 2.0]), np.array([[3.0]])]},
        ["ws0_0", "ws0_1", "ws1_0_0"],
    ),
    "arrays of one shape in a list": (
        lambda ws: ws[0] @ ws[1],
        {"ws": [np.array([1.0, 2.0]), np.array([3.0, 4.0])]},
        ["ws0_0", "ws0_1", "ws1_0", "ws1_1"],
    ),
    "layers": (
        network,
        {"layers": LAYERS, "x": [1.0, 2.0]},
        [*(f"layers0_{n}" for n in (*W1, *B1)), *(f"layers1_{n}" for n in W2), "x0", "x1"],
    ),
    "keywords": (lambda **kw: kw["a"] * kw["b"], {"a": 2.0, "b": 5.0}, ["a", "b"]),
    "further keywords": (lambda x, **kw: x * kw["b"], {"x": 2.0, "b": 5.0}, ["x", "b"]),
}


@pytest.mark.parametrize(("function", "at", "names"), CASES.values(), ids=CASES)
def test_every_number_is_an_input(
    function: Callable[..., Any], at: Mapping[str, Any], names: list[str]
) -> None:
    graph = adviz.build(function, at=at)
    assert list(graph.inputs) == names
    whole = {n: np.array(v) if isinstance(v, list) and n == "x" else v for n, v in at.items()}
    assert adviz.evaluate(graph, at).value == pytest.approx(float(function(**whole)), rel=1e-15)
    assert list(adviz.gradient(function, at)) == names
    assert adviz.check(function, at=at).verdict == "agrees"


def only(*kinds: type) -> Callable[[Any], Any]:
    def f(x: Any) -> Any:
        if not isinstance(x, kinds):
            raise ValueError(f"{type(x).__name__} is none of {kinds}")
        rows: Any = x
        return sum(row[0] * row[1] for row in rows)

    return f


@pytest.mark.parametrize("kinds", [(list,), (tuple,), (list, tuple), (np.ndarray,), (list, set)])
@pytest.mark.parametrize("known", [True, False], ids=["at a point", "without"])
def test_an_array_is_given_as_what_the_callable_takes(kinds: tuple[type, ...], known: bool) -> None:
    at = {"x": [[1.0, 2.0], [3.0, 4.0]]}
    graph = adviz.build(only(*kinds), **({"at": at} if known else {"shapes": {"x": (2, 2)}}))
    assert adviz.gradient(graph, at) == {"x0_0": 2.0, "x0_1": 1.0, "x1_0": 4.0, "x1_1": 3.0}


def test_a_sequence_is_an_array_to_a_callable_that_takes_both() -> None:
    graph = adviz.build(lambda x: 2 * x[0] if isinstance(x, list) else x[0], at={"x": [1.0, 2.0]})
    assert graph.text == "f(x0, x1) = x0"


def test_a_callable_that_takes_no_sequence_says_what_it_said() -> None:
    with pytest.raises(ValueError, match=r"^ndarray is none of .*str"):
        adviz.build(only(str), at={"x": [1.0, 2.0]})


def test_an_argument_is_named_whole_in_wrt() -> None:
    at = {"p": Pendulum(2.0, 1.5), "speed": 3.0}
    found = adviz.gradient(lambda p, speed: p.mass * p.length * speed, at, wrt="p")
    assert found == {"p_mass": 4.5, "p_length": 6.0}


def test_a_kernel_takes_an_argument_whole() -> None:
    kernel = adviz.compile(adviz.build(lambda q: q.a * q.b, at={"q": Pair(2.0, 3.0)}))
    assert kernel(q=Pair(4.0, 5.0)) == kernel(q_a=4.0, q_b=5.0)


def test_numbers_in_order_are_a_point_of_a_callable() -> None:
    assert adviz.gradient(lambda x, y: x if x > y else y, [3, 2]) == {"x": 1.0, "y": 0.0}


ERRORS: tuple[tuple[Callable[..., Any], Mapping[str, Any], str], ...] = (
    (lambda p: p["a b"], {"p": {"a b": 1.0}}, r"the key 'a b' of p cannot be part of"),
    (lambda p: p[1.5], {"p": {1.5: 1.0}}, r"the key 1.5 of p cannot be part of"),
    (
        lambda p, p_a: p["a"] * p_a,
        {"p": {"a": 1.0}, "p_a": 2.0},
        "an argument needs an input p_a, which exists already; rename one",
    ),
    (lambda p: p["a"], {"p": {"a": "text"}}, "returns a str"),
    (lambda **kw: kw["a"], {"a": "text"}, "a = 'text' is str; it must be a real number"),
)


@pytest.mark.parametrize(("function", "at", "words"), ERRORS)
def test_what_cannot_be_an_input_says_so(
    function: Callable[..., Any], at: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(AdvizError, match=words):
        adviz.build(function, at=at)


def test_a_gradient_of_an_argument_that_is_no_array_is_a_function_of_it_or_formulas() -> None:
    at = {"q": Pair(2.0, 3.0)}
    function = adviz.check(lambda q: q.a * q.b, gradient=lambda q: [q.b, q.a], at=at)
    assert function.verdict == "agrees"
    graph = adviz.build(lambda q: q.a * q.b, at=at)
    with pytest.raises(PointError, match="q, which is no array; give it as formulas by input: q_a"):
        adviz.check(graph, gradient=lambda q: [q.b, q.a], at={"q_a": 2.0, "q_b": 3.0})
    claim = {"q_a": "q_b", "q_b": "q_a"}
    assert adviz.check(lambda q: q.a * q.b, gradient=claim, at=at).verdict == "agrees"


def test_outputs_within_outputs_are_called_by_their_path() -> None:
    graph = adviz.build(lambda x: {"a": {"c": x}, "b": {"c": [2 * x, 3 * x]}})
    assert list(graph.outputs) == ["a_c", "b_c1", "b_c2"]
    with pytest.raises(AdvizError, match="two outputs that are called 'a1'; rename one"):
        adviz.build(lambda x: {"a": [x], "a1": 2 * x})


def test_arguments_of_any_name_are_to_be_named() -> None:
    with pytest.raises(AdvizError, match="takes any names as arguments; say which"):
        adviz.build(lambda **given: given["a"])
    assert list(adviz.build(lambda **given: given["a"] * 2, inputs=["a"]).inputs) == ["a"]


def test_the_arrays_of_others_are_points_too() -> None:
    class Tensor:
        shape = (2,)

        def __array__(self, dtype: object = None, copy: object = None) -> Any:
            return np.array([2.0, 1.0])

    assert adviz.gradient(lambda x: (x * x).sum(), at={"x": Tensor()}) == {"x0": 4.0, "x1": 2.0}
