"""Graphs whose nodes are arrays: laws over models, over structural rows, and words of errors."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import MODELS, drawn, graph_of
from samples import changed

import adviz
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.modes.scalars import expanded
from adviz.numbers import FLOAT64
from adviz.numbers.tensor import arrays_of, tensors
from adviz.primitives import ARRAYS, Primitive
from adviz.primitives.structural import STRUCTURAL

models = pytest.mark.parametrize("name", MODELS)


def total(one: Mapping[str, Any], other: Mapping[str, Any]) -> Any:
    """Return the sum of the products of two sets of arrays."""
    return sum(np.sum(one[name] * other[name]) for name in one)


def by_label(graph: Graph, found: Any) -> Mapping[str, Any]:
    return found if len(graph.outputs) > 1 else dict.fromkeys(graph.outputs, found)


@models
def test_the_graph_computes_what_the_function_computes(name: str) -> None:
    graph = graph_of(name)
    point = drawn(graph, 1)
    wanted = by_label(graph, MODELS[name].function(**point))
    for label, value in by_label(graph, adviz.evaluate(graph, point).value).items():
        np.testing.assert_allclose(value, wanted[label], rtol=1e-14)


@models
@pytest.mark.parametrize("digits", [None, 50])
def test_forward_and_reverse_are_transposes(name: str, digits: int | None) -> None:
    graph = graph_of(name)
    point, along = drawn(graph, 2), drawn(graph, 3)
    weights = drawn(graph, 4, graph.outputs)
    forward = by_label(graph, adviz.forward(graph, point, along, digits=digits).tangent)
    reverse = adviz.reverse(graph, point, weights, digits=digits).gradient
    gap = total(weights, forward) - total(along, reverse)
    assert abs(gap) < (1e-13 if digits is None else 1e-47) * (1 + abs(total(weights, forward)))


@models
@pytest.mark.parametrize("digits", [None, 50])
def test_a_gradient_is_that_of_the_elements(name: str, digits: int | None) -> None:
    graph = graph_of(name)
    point, weights = drawn(graph, 5), drawn(graph, 6, graph.outputs)
    elements, flat = expanded(graph), np.concatenate([np.ravel(w) for w in weights.values()])
    scalars = dict(zip(elements.outputs, flat, strict=True))
    found = adviz.reverse(graph, point, weights, digits=digits).gradient
    wanted = [*adviz.reverse(elements, point, scalars, digits=digits).gradient.values()]
    gaps = np.concatenate([np.ravel(one) for one in found.values()]) - np.array(wanted)
    assert max(abs(gaps)) < (1e-13 if digits is None else 1e-47)


@models
def test_derivatives_have_the_axes_of_both(name: str) -> None:
    graph = graph_of(name)
    point, along = drawn(graph, 7), drawn(graph, 8)
    found = adviz.jacobian(graph, point)
    moved = by_label(graph, adviz.jvp(graph, point, along))
    for label, node in graph.outputs.items():
        assert {n: np.shape(d) for n, d in found[label].items()} == {
            n: (*graph.shape(node), *graph.shape(place)) for n, place in graph.inputs.items()
        }
        sums = [np.tensordot(d, along[n], np.ndim(along[n])) for n, d in found[label].items()]
        np.testing.assert_allclose(sum(sums), moved[label], rtol=1e-12, atol=1e-12)


def test_second_derivatives_are_arrays_too() -> None:
    graph = graph_of("perceptron")
    point, along = drawn(graph, 9), drawn(graph, 10)
    found, moved = adviz.hessian(graph, point), adviz.hvp(graph, point, along)
    assert found["W1"]["x"].shape == (3, 2, 2)
    for name, row in found.items():
        product = sum(np.tensordot(d, along[by], np.ndim(along[by])) for by, d in row.items())
        np.testing.assert_allclose(product, moved[name], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("mode", ["forward", "symbolic"])
def test_the_modes_agree(mode: Any) -> None:
    graph = graph_of("least squares")
    point = drawn(graph, 11)
    found, wanted = adviz.gradient(graph, point, mode=mode), adviz.gradient(graph, point)
    for name, value in wanted.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-14)


def test_a_check_judges_the_elements_against_the_truth() -> None:
    assert adviz.check(graph_of("least squares"), points=2).verdict == "agrees"
    graph = graph_of("moved about")
    assert adviz.check(graph, at=drawn(graph, 12)).verdict == "agrees"


def test_a_kernel_is_of_the_elements() -> None:
    graph = graph_of("least squares")
    point = drawn(graph, 13)
    kernel = adviz.compile(graph)
    numbers = [x for name in graph.inputs for x in np.ravel(point[name])]
    assert kernel.function(*numbers)[0] == pytest.approx(adviz.evaluate(graph, point).value)


# --- structural rows ----------------------------------------------------------------------------

SIZES = st.integers(1, 3)
SHAPES = st.lists(SIZES, min_size=1, max_size=3).map(tuple)


@st.composite
def reductions(draw: st.DrawFn) -> tuple[list[Any], tuple[Any, ...]]:
    shape = draw(SHAPES)
    axes = draw(st.sets(st.integers(0, len(shape) - 1), min_size=1))
    return [shape], (tuple(sorted(axes)), draw(st.booleans()))


@st.composite
def broadcasts(draw: st.DrawFn) -> tuple[Any, Any]:
    wide = draw(SHAPES)
    ones = [1 if draw(st.booleans()) else size for size in wide]
    return wide, tuple(ones[draw(st.integers(0, len(wide))) :])


@st.composite
def keys(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Draw a shape, a key into it, and the shape of what it takes."""
    shape = draw(SHAPES)
    last = shape[0] - 1
    first = draw(st.sampled_from([last, "::-1", ":1", (0, last, 0), ((last,), (0,))]))
    rest = draw(st.sampled_from([(), (":",), (0,), ("0:",)])) if len(shape) > 1 else ()
    builder = Builder(ARRAYS)
    node = builder.node("index", (builder.input("x", shape),), ((first, *rest),))
    return shape, (first, *rest), builder.shapes.get(node, ())


@st.composite
def contractions(draw: st.DrawFn) -> tuple[list[Any], tuple[Any, ...]]:
    sizes = {letter: draw(SIZES) for letter in "ijkn"}
    specs = [("ij", "jk", "ik"), ("ij", "j", "i"), ("j", "jk", "k"), ("i", "i", ""), ("", "i", "i")]
    specs += [("i", "j", "ij"), ("nij", "jk", "nik"), ("nij", "njk", "kni"), ("ij", "ij", "j")]
    first, second, result = draw(st.sampled_from(specs))
    return [tuple(sizes[one] for one in part) for part in (first, second)], (first, second, result)


@st.composite
def joints(draw: st.DrawFn) -> tuple[list[Any], tuple[Any, ...]]:
    shape = draw(SHAPES)
    axis = draw(st.integers(0, len(shape) - 1))
    return [shape, (*shape[:axis], draw(SIZES), *shape[axis + 1 :])], (axis,)


CASES: Mapping[str, st.SearchStrategy[tuple[list[Any], tuple[Any, ...]]]] = {
    "sum": reductions(),
    "amax": reductions(),
    "amin": reductions(),
    "reshape": SHAPES.map(lambda shape: ([shape], ((int(np.prod(shape)), 1),))),
    "transpose": SHAPES.flatmap(
        lambda s: st.permutations(range(len(s))).map(lambda order: ([s], (tuple(order),)))
    ),
    "broadcast_to": broadcasts().map(lambda pair: ([pair[1]], (pair[0],))),
    "sum_to": broadcasts().map(lambda pair: ([pair[0]], (pair[1],))),
    "index": keys().map(lambda case: ([case[0]], (case[1],))),
    "scatter": keys().map(lambda case: ([case[2]], (case[1], case[0]))),
    "concatenate": joints(),
    "einsum": contractions(),
}


def departs(row: Primitive, shapes: list[Any], params: tuple[Any, ...], seed: int) -> list[str]:
    """Return in which argument a row's jvp or vjp is not the Jacobian of its elements."""
    builder = Builder(ARRAYS)
    inputs = [builder.input(name, shape) for name, shape in zip("xy", shapes, strict=False)]
    graph = builder.finish({"f": builder.node(row.name, tuple(inputs), params)})
    point, system = drawn(graph, seed), arrays_of(FLOAT64)
    value = adviz.evaluate(graph, point).value
    jacobian = adviz.jacobian(graph, point)["f"]
    given = [*point.values(), value, *params]
    tangents, weight = drawn(graph, seed + 1), drawn(graph, seed + 2, graph.outputs)["f"]
    wrong = []
    for position, name in enumerate(graph.inputs):
        forwards, backwards = system.carried(row, position)
        pairs = {
            "jvp": (forwards(tangents[name], *given), (jacobian[name], tangents[name])),
            "vjp": (backwards(weight, *given), (weight, jacobian[name])),
        }
        for kind, (found, (left, right)) in pairs.items():
            axes = np.ndim(tangents[name]) if kind == "jvp" else np.ndim(weight)
            wanted = np.tensordot(left, right, axes)
            if np.shape(found) != np.shape(wanted) or not np.allclose(found, wanted, 1e-12, 1e-12):
                wrong.append(f"{kind} of {name}")
    return wrong


def test_every_structural_row_has_cases() -> None:
    assert CASES.keys() == STRUCTURAL.keys()


@pytest.mark.parametrize("name", STRUCTURAL)
def test_the_map_of_a_row_is_the_jacobian_of_its_elements(name: str) -> None:
    @given(CASES[name], st.integers(0, 1000))
    @settings(max_examples=8, deadline=None, derandomize=True)
    def law(case: tuple[list[Any], tuple[Any, ...]], seed: int) -> None:
        assert not departs(STRUCTURAL[name], *case, seed)

    law()


ONE_CASE: Mapping[str, tuple[list[Any], tuple[Any, ...]]] = {
    **dict.fromkeys(("sum", "amax", "amin"), ([(2, 3)], ((1,), False))),
    "reshape": ([(2, 3)], ((3, 2),)),
    "transpose": ([(2, 3, 1)], ((1, 2, 0),)),
    "broadcast_to": ([(3, 1)], ((2, 3, 2),)),
    "sum_to": ([(2, 3, 2)], ((3, 1),)),
    "index": ([(3, 2)], (((0, 2, 0), 1),)),
    "scatter": ([(3,)], (((0, 2, 0), 1), (3, 2))),
    "concatenate": ([(2, 3), (2, 1)], (1,)),
    "einsum": ([(2, 3), (3, 2)], ("ij", "jk", "ki")),
}


@pytest.mark.parametrize(
    ("name", "kind", "position"),
    [
        (row.name, kind, k)
        for row in STRUCTURAL.values()
        for kind in ("jvp", "vjp")
        for k in range(row.arity)
    ],
)
def test_a_changed_map_is_noticed(name: str, kind: str, position: int) -> None:
    texts = list(getattr(STRUCTURAL[name], kind))
    texts[position] = changed(texts[position])
    mutant = replace(STRUCTURAL[name], **{kind: tuple(texts)})  # type: ignore[arg-type]
    assert departs(mutant, *ONE_CASE[name], 1) == [f"{kind} of {'xy'[position]}"]


def test_ties_are_shared_evenly() -> None:
    graph = adviz.build(lambda x: x.max(), shapes={"x": 4}, arrays=True)
    trace = adviz.reverse(graph, {"x": [3.0, 1.0, 3.0, 3.0]})
    np.testing.assert_allclose(trace.gradient["x"], [1 / 3, 0, 1 / 3, 1 / 3])
    assert trace.status[graph.outputs[next(iter(graph.outputs))]] == "kink"


@pytest.mark.parametrize("extreme", [np.max, np.min])
def test_an_extreme_that_a_mask_takes_away_has_no_slope(extreme: Any) -> None:
    kept, x = np.array([True, False]), np.array([[0.1, 0.2, 0.3], [0.3, 0.5, 0.1]])
    graph = adviz.build(
        lambda x: np.sum(np.where(kept, extreme(x, axis=1), 0.0)), shapes={"x": (2, 3)}, arrays=True
    )
    found = adviz.gradient(graph, {"x": x})["x"]
    np.testing.assert_array_equal(found, [x[0] == extreme(x[0]), [0, 0, 0]])
    assert adviz.gradient(adviz.expand(graph), {"x": x}) == dict(
        zip(adviz.expand(graph).inputs, found.ravel(), strict=True)
    )


# --- broadcasting and branches ------------------------------------------------------------------

PAIRS = [((3,), (3,)), ((), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((2, 3), ()), ((1,), (2, 3))]


@pytest.mark.parametrize("op", ["add", "sub", "mul", "div", "pow", "atan2", "max", "hypot"])
@pytest.mark.parametrize(("x", "y"), PAIRS)
def test_elementwise_rows_broadcast(op: str, x: Any, y: Any) -> None:
    builder = Builder()
    node = builder.node(op, (builder.input("x", x), builder.input("y", y)))
    graph = builder.finish({"f": node})
    point = {name: abs(value) + 0.1 for name, value in drawn(graph, 1).items()}
    weight = drawn(graph, 2, graph.outputs)
    found, jacobian = adviz.vjp(graph, point, weight), adviz.jacobian(graph, point)["f"]
    along = drawn(graph, 3)
    for name, block in jacobian.items():
        np.testing.assert_allclose(
            found[name], np.tensordot(weight["f"], block, np.ndim(weight["f"])), rtol=1e-13
        )
    moved = [np.tensordot(jacobian[n], along[n], np.ndim(along[n])) for n in along]
    np.testing.assert_allclose(adviz.jvp(graph, point, along), sum(moved), rtol=1e-12)


BRANCHES: Mapping[str, Callable[[Any], Any]] = {
    "log": lambda x: np.where(x > 0, np.log(x), x),
    "sqrt at its pole": lambda x: np.where(x > 1, np.sqrt(x - 1), 0.0),
    "below a sum": lambda x: np.where(x[2] > 5, np.log(x).sum(), x.sum()),
    "below an index": lambda x: np.where(x[::-1] > 0, np.sqrt(x)[::-1], x[::-1] ** 2),
    "below a product": lambda x: np.where(x > 0, (1 / x) * np.sqrt(x), 0.0),
    "below a contraction": lambda x: np.where(x[0] > 5, np.log(x) @ x, x[0]),
    "one condition for all": lambda x: np.where(x.sum() > 100, np.log(x), x**2),
    "beside another": lambda x: np.where((x > 0) & (np.abs(x) < 3), np.log(x), np.exp(-x)),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", BRANCHES)
def test_an_element_that_is_not_taken_disturbs_nothing(name: str) -> None:
    graph = adviz.build(BRANCHES[name], shapes={"x": 3}, arrays=True)
    point, elements = {"x": [4.0, -1.0, 1.0]}, expanded(graph)
    (label,), node = graph.outputs, next(iter(graph.outputs.values()))
    weights = np.ones(graph.shape(node)) if graph.shape(node) else 1.0
    found = adviz.reverse(graph, point, weights).gradient["x"]
    flat = dict(zip(elements.outputs, np.ravel(weights), strict=True))
    np.testing.assert_allclose(found, [*adviz.vjp(elements, point, flat).values()], rtol=1e-14)
    assert label in graph.outputs


# --- what carries a graph -----------------------------------------------------------------------


@models
def test_files_networkx_and_pickles_carry_arrays(name: str, tmp_path: Path) -> None:
    graph = graph_of(name)
    for suffix in (".json", ".npz"):
        adviz.save(graph, tmp_path / f"graph{suffix}")
        assert adviz.load(tmp_path / f"graph{suffix}") == graph
    assert adviz.build(graph.nx) == graph
    assert pickle.loads(pickle.dumps(graph)) == graph  # noqa: S301 - its own
    assert hash(graph) == hash(graph_of(name))


def test_shapes_parameters_and_constants_tell_graphs_apart() -> None:
    def of(shape: Any, axes: Any, numbers: Any) -> Graph:
        builder = Builder(ARRAYS)
        x = builder.node("add", (builder.input("x", shape), builder.constant(numbers)))
        return builder.finish({"f": builder.node("sum", (x,), (axes, False))})

    known = of((2, 2), (0,), [1, 2])
    others = [of((2, 2), (1,), [1, 2]), of((1, 2), (0,), [1, 2]), of((2, 2), (0,), [1, 2.0])]
    assert known == of((2, 2), (0,), np.array([1, 2])) and known not in others


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else 1


FILES: list[tuple[int, str, Any, str]] = [
    (2, "shape", [4], "node 2: it has the shape (4,), but what it computes (3,)"),
    (2, "params", {"first": "ii", "second": "j", "result": "i"}, "node 2: einsum of the shapes"),
    (2, "params", {"first": "ij"}, "node 2: it is einsum, which has the parameters first, second"),
    (2, "params", {"first": 1.5, "second": "j", "result": "i"}, "1.5 is no parameter"),
    (0, "shape", [3, 0], "W has the shape (3, 0); a shape is a tuple of sizes from 1 on"),
    (3, "value", [[1.0], [1.0, 2.0]], "are not equally long"),
    (3, "value", [], "[] has no elements"),
    (3, "value", nested(100), "lists are nested deeper than 32 axes go"),
    (0, "shape", nested(100), "lists are nested deeper than 32 axes go"),
    (0, "shape", [10**9, 10**9], "more than 268435456 elements, or 32 axes"),
    (2, "params", {"first": "éj", "second": "j", "result": "é"}, "letters from a to z and A to Z"),
]


@pytest.mark.parametrize(("node", "key", "value", "words"), FILES)
def test_what_a_file_says_of_an_array_is_checked(
    node: int, key: str, value: Any, words: str
) -> None:
    from adviz.sources.files import from_document, to_document

    builder = Builder(ARRAYS)
    args = builder.input("W", (3, 2)), builder.input("x", (2,))
    product = builder.node("einsum", args, ("ij", "j", "i"))
    node_ = builder.node("add", (product, builder.constant([1.0, 2.0, 3.0])))
    document = to_document(builder.finish({"f": node_}))
    document["nodes"][node] = {**document["nodes"][node], key: value}
    with pytest.raises(adviz.AdvizError) as caught:
        from_document(document)
    assert words in str(caught.value)


# --- words ---------------------------------------------------------------------------------------

POINTS: list[tuple[Any, str]] = [
    (
        {"A": np.ones((2, 3)), "x": [1, 2], "b": [1, 2, 3]},
        "A has the shape (3, 2); the point gives an array of the shape (2, 3)",
    ),
    (
        {"A": np.ones((5, 3, 2)), "x": [1, 2], "b": [1, 2, 3]},
        "a graph with arrays takes one point at a time",
    ),
    (
        {"A": np.ones((3, 2)), "x": 1, "b": [1, 2, 3]},
        "x has the shape (2,); the point gives a number",
    ),
    ({"A": np.ones((3, 2)), "x": [1, float("inf")], "b": [1, 2, 3]}, "x[1] = inf is not finite"),
    (
        {"A": np.ones((3, 2)), "x": [1, "a"], "b": [1, 2, 3]},
        "x[1] = 'a' is str; it must be a real number",
    ),
]


@pytest.mark.parametrize(("point", "words"), POINTS)
def test_a_point_that_does_not_fit_is_refused(point: Any, words: str) -> None:
    with pytest.raises(adviz.AdvizError) as caught:
        adviz.reverse(graph_of("least squares"), point)
    assert words in str(caught.value)


def test_a_direction_has_the_shape_of_its_input() -> None:
    graph = graph_of("least squares")
    with pytest.raises(adviz.AdvizError, match=r"direction x has the shape \(2,\); the point"):
        adviz.jvp(graph, drawn(graph, 1), {"x": 1.0})
    with pytest.raises(adviz.AdvizError, match=r"cotangent f is a number"):
        adviz.vjp(adviz.build(lambda x: x @ x, shapes={"x": 2}, arrays=True), {"x": [1, 2]}, [1.0])


ELEMENTS: list[tuple[Callable[[Any], Any], Any, str]] = [
    (lambda x: np.log(x), [[1, 2], [3, -4]], "element [1, 1] of v1: log is undefined at -4.0"),
    (lambda x: 1 / x, [[1, 0], [0, 1]], "element [0, 1] of v1: division by zero"),
    (lambda x: np.exp(x), [[1, 2], [900, 800]], "element [1, 0] of v1: overflow: exp of 900.0"),
    (lambda x: (x * 1e308).sum(), [[1, 1], [1, 1]], "overflow: Σ of"),
    (lambda x: np.sqrt(x) ** 2, [[1, 1], [0, 1]], "element [1, 0] of v1: the derivative is undet"),
]


@pytest.mark.parametrize(("function", "x", "words"), ELEMENTS)
def test_an_error_names_the_element(function: Any, x: Any, words: str) -> None:
    graph = adviz.build(function, shapes={"x": (2, 2)}, arrays=True, verify=False)
    weight = np.ones((2, 2)) if graph.shape(graph.outputs["f"]) else 1.0
    with pytest.raises(adviz.AdvizError) as caught:
        adviz.reverse(graph, {"x": x}, weight)
    assert words in str(caught.value)
    ieee = adviz.reverse(graph, {"x": x}, weight, errors="ieee")
    assert ieee.gradient["x"].shape == (2, 2)


VERBS: Mapping[str, Callable[[Graph], Any]] = {
    "symbolic": lambda g: adviz.symbolic(g),
    "second_order": lambda g: adviz.second_order(g, drawn(g, 1), "x"),
    "taylor": lambda g: adviz.taylor(g, drawn(g, 1), "x"),
    "sparsity": lambda g: adviz.sparsity(g),
    "sparse jacobian": lambda g: adviz.jacobian(g, drawn(g, 1), sparse=True),
    "sparse hessian": lambda g: adviz.hessian(g, drawn(g, 1), sparse=True),
    "evaluate_many": lambda g: adviz.evaluate_many(g, {n: np.ones(3) for n in g.inputs}),
    "compare": lambda g: adviz.compare(g, drawn(g, 1)),
    "eliminate": lambda g: adviz.eliminate(g, drawn(g, 1)),
    "paths": lambda g: adviz.paths(g),
    "align": lambda g: adviz.align(g),
    "checkpoint": lambda g: adviz.checkpoint(g, snapshots=2),
    "lost_digits": lambda g: adviz.lost_digits(g, drawn(g, 1), "x", between=(0, 1)),
    "step_errors": lambda g: adviz.step_errors(g, drawn(g, 1)),
    "text": lambda g: g.text,
}


@pytest.mark.parametrize("verb", VERBS)
def test_what_knows_numbers_alone_names_the_expansion(verb: str) -> None:
    with pytest.raises(adviz.AdvizError, match=r"adviz\.expand\(graph\)"):
        VERBS[verb](graph_of("least squares"))


def test_an_expansion_keeps_names_sources_and_vectors() -> None:
    graph = adviz.expand(graph_of("perceptron"))
    assert {"h0", "h1", "h2", "W10_1"} <= graph.names.keys() and graph.sources is not None
    assert graph.vectors is not None and graph.vectors["b1"] == ("b10", "b11", "b12")
    assert adviz.expand(graph) is graph


def test_an_expansion_is_bounded() -> None:
    graph = adviz.build(lambda A, B: A @ B, shapes={"A": (101, 100), "B": (100, 100)}, arrays=True)
    with pytest.raises(adviz.AdvizError, match="more than the 1000000 that are expanded"):
        adviz.expand(graph)


def test_a_system_of_arrays_is_made_once_and_pickled() -> None:
    system = tensors(FLOAT64)
    assert pickle.loads(pickle.dumps(system)) is system  # noqa: S301 - its own
