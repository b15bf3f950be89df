"""Derivatives as numbers: gradient, Jacobian, Hessian and products with them, in each mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from adviz.calculus.place import Place
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.asked import among, shown, truth
from adviz.modes.building import built_at, in_numbers, of_numbers
from adviz.modes.derivative_graph import derived
from adviz.modes.point import Point
from adviz.modes.run import Errors
from adviz.modes.sparsity.propagation import hessian_pattern, jacobian_pattern
from adviz.modes.verbs import directed, wanted_inputs, weighed
from adviz.numbers import Number
from adviz.sources import Source

Mode = Literal["reverse", "forward", "symbolic"]
Wrt = str | Sequence[str] | None
"""The inputs to differentiate by; None: all."""


def gradient(
    source: Source,
    at: Point,
    *,
    mode: Mode = "reverse",
    wrt: Wrt = None,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> dict[str, Number]:
    """Return the derivative of one output by every wanted input, by name.

    `mode` is one reverse sweep, one forward sweep per input, or SymPy's derivatives. Arrays in
    the point are independent points; the results have their broadcast shape. `digits` computes
    with so many decimal digits, and `verify=False` does not compare a callable with its graph.
    Raises AdvizError when there are several outputs.

    >>> import adviz
    >>> adviz.gradient("log(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
    {'x1': 5.5, 'x2': 1.7163378145367738}
    """
    place = Place(built_at(source, at, verify), at, digits, errors)
    outputs = place.graph.outputs
    if len(outputs) > 1:
        raise AdvizError(f"there are {len(outputs)} outputs ({', '.join(outputs)}); use jacobian")
    (row,) = _jacobian(place, mode, wanted_inputs(place.graph, wrt)).values()
    return row


def jacobian(
    source: Source,
    at: Point,
    *,
    mode: Mode = "reverse",
    wrt: Wrt = None,
    sparse: bool = False,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> dict[str, dict[str, Number]]:
    """Return the derivative of every output by every wanted input: `{output: {input: number}}`.

    Reverse mode sweeps once per output, forward mode once per input. `sparse` leaves out what is
    0 at every point, as `adviz.sparsity` has it; a mode then sweeps once per colour.

    >>> import adviz
    >>> adviz.jacobian({"p": "x*y", "q": "x + y"}, at={"x": 3, "y": 2})
    {'p': {'x': 2.0, 'y': 3.0}, 'q': {'x': 1.0, 'y': 1.0}}
    >>> adviz.jacobian({"p": "x*y", "q": "y + z"}, at={"x": 3, "y": 2, "z": 1}, sparse=True)
    {'p': {'x': 2.0, 'y': 3.0}, 'q': {'y': 1.0, 'z': 1.0}}
    """
    place = Place(built_at(source, at, verify), at, digits, errors)
    wanted = wanted_inputs(place.graph, wrt)
    if not truth("sparse", sparse):
        return _jacobian(place, mode, wanted)
    of_numbers(place.graph)
    labels = [*place.graph.outputs]
    pattern = jacobian_pattern(place.graph, tuple(labels), tuple(wanted))
    if mode in ("forward", "reverse") and pattern.nnz:
        return place.nonzeros(pattern.colouring(mode), labels)
    return pattern.part(_jacobian(place, mode, wanted))


def jvp(
    source: Source,
    at: Point,
    direction: str | Mapping[str, Number],
    *,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> Any:
    """Return the derivative along a direction: one forward sweep, J·v.

    A number when there is one output, else a mapping by output.

    >>> import adviz
    >>> adviz.jvp("x*y", at={"x": 3, "y": 2}, direction={"x": 1, "y": 10})
    32.0
    """
    place = Place(built_at(source, at, verify), at, digits, errors)
    return place.jvp(directed(place.graph, direction))


def vjp(
    source: Source,
    at: Point,
    cotangent: Mapping[str, Number] | Number | None = None,
    *,
    wrt: Wrt = None,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> dict[str, Number]:
    """Return the derivative weighed by a cotangent: one reverse sweep, Jᵀ·w, by input.

    >>> import adviz
    >>> adviz.vjp({"p": "x*y", "q": "x + y"}, at={"x": 3, "y": 2}, cotangent={"p": 1, "q": 10})
    {'x': 12.0, 'y': 13.0}
    """
    place = Place(built_at(source, at, verify), at, digits, errors)
    return place.vjp(weighed(place.graph, cotangent), wanted_inputs(place.graph, wrt))


def hessian(
    source: Source,
    at: Point,
    *,
    of: str | None = None,
    wrt: Wrt = None,
    sparse: bool = False,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> dict[str, dict[str, Number]]:
    """Return the second derivatives of one output: reverse mode over the derivative's graph.

    `sparse` leaves out what is 0 at every point, as `adviz.sparsity` has it, and computes the rest
    by forward mode over the derivative's graph, one sweep for each colour.

    At a kink that only operations have and the function does not, such as that of abs(x)**2 at 0,
    they are what they are on all sides. Where there are none, they are what the conventions at
    kinks add up to, as a gradient is; `adviz.check(…, order=2)` says so.

    >>> import adviz
    >>> adviz.hessian("x**2*y", at={"x": 3, "y": 2})
    {'x': {'x': 4.0, 'y': 6.0}, 'y': {'x': 6.0, 'y': 0.0}}
    >>> adviz.hessian("x**2*y", at={"x": 3, "y": 2}, sparse=True)
    {'x': {'x': 4.0, 'y': 6.0}, 'y': {'x': 6.0}}
    """
    graph = built_at(source, at, verify)
    wanted = wanted_inputs(graph, wrt)
    if graph.shapes is not None:
        from adviz.calculus import arrays

        of_numbers(graph) if truth("sparse", sparse) else None
        options: dict[str, Any] = {"of": of, "digits": digits, "errors": errors}
        return arrays.hessian(graph, wanted, hessian(in_numbers(graph), at, wrt=wanted, **options))
    slope, labels = _slopes(graph, of, wanted)
    place = Place(slope, at, digits, errors)
    output = of or next(iter(graph.outputs))
    leave_out = truth("sparse", sparse)
    pattern = hessian_pattern(graph, (output,), tuple(wanted)) if leave_out else None
    smooth = place.smooth_hessian(output, labels)
    if smooth is not None:
        return smooth if pattern is None else pattern.part(smooth)
    if pattern is not None:
        return place.nonzeros(pattern.colouring(), [*labels.values()])
    rows = _jacobian(place, "reverse", wanted, [*labels.values()])
    return {name: rows[label] for name, label in labels.items()}


def hvp(
    source: Source,
    at: Point,
    direction: str | Mapping[str, Number],
    *,
    of: str | None = None,
    wrt: Wrt = None,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> dict[str, Number]:
    """Return the Hessian times a direction, by input: forward mode over the derivative's graph.

    At kinks it is as `hessian` is.

    >>> import adviz
    >>> adviz.hvp("x**2*y", at={"x": 3, "y": 2}, direction={"x": 1, "y": 0})
    {'x': 4.0, 'y': 6.0}
    """
    graph = built_at(source, at, verify)
    wanted = wanted_inputs(graph, wrt)
    if graph.shapes is not None:
        from adviz.calculus import arrays

        scalars, along = in_numbers(graph), arrays.spread(graph, directed(graph, direction))
        options: dict[str, Any] = {"of": of, "wrt": wanted, "digits": digits, "errors": errors}
        return arrays.gathered(graph, wanted, hvp(scalars, at, along, **options))
    slope, labels = _slopes(graph, of, wanted)
    place, along = Place(slope, at, digits, errors), directed(slope, direction)
    smooth = place.smooth_hessian(of or next(iter(graph.outputs)), labels)
    if smooth is not None and along.keys() <= labels.keys():
        return {name: sum(smooth[name][by] * along[by] for by in along) for name in wanted}
    moved = place.moved(along)
    return {name: moved[labels[name]] for name in wanted}


def _slopes(graph: Graph, of: str | None, wanted: Sequence[str]) -> tuple[Graph, dict[str, str]]:
    """Return the graph of one output's first derivatives, and their labels by input."""
    if of is None and len(graph.outputs) > 1:
        raise AdvizError(f"say which output: of= one of {', '.join(graph.outputs)}")
    label = of if of is not None else next(iter(graph.outputs))
    slope, labels = derived(graph, label, wanted)
    return slope, {name: labels[label, name] for name in wanted}


def _jacobian(
    place: Place, mode: Mode, wanted: Sequence[str], of: Sequence[str] | None = None
) -> dict[str, dict[str, Number]]:
    """Return the derivatives of all outputs, or of some, by some inputs."""
    graph = place.graph
    labels = [*graph.outputs] if of is None else of
    if not wanted:
        place.run.evaluate()  # a point is looked at, though nothing is asked of it
    if not among(mode, get_args(Mode)):
        modes = ", ".join(get_args(Mode))
        raise AdvizError(f"there is no mode {shown(mode)}; modes are {modes}")
    if graph.shapes is not None:
        return _of_arrays(place, mode, wanted)
    if mode == "reverse":
        found = place.compiled("jacobian", wanted)
        if found is not None:
            return _by_output(found, graph, wanted)
        return {label: place.reverse({label: 1}, wanted) for label in labels}
    if mode == "forward":
        columns = {name: place.moved({name: 1}) for name in wanted}
        return {label: {name: columns[name][label] for name in wanted} for label in labels}
    from adviz.modes.symbolic import symbolic_jacobian

    return symbolic_jacobian(place.run, wanted)


def _of_arrays(place: Place, mode: Mode, wanted: Sequence[str]) -> dict[str, dict[str, Number]]:
    """Return the derivatives of a graph with arrays: by its own sweeps back from outputs that are
    numbers, otherwise by those of its elements."""
    graph = place.graph
    if mode == "reverse" and not any(map(graph.shape, graph.outputs.values())):
        return {label: place.reverse({label: 1}, wanted) for label in graph.outputs}
    from adviz.calculus import arrays

    def computed(scalars: Graph, names: list[str]) -> dict[str, dict[str, Number]]:
        return _jacobian(Place(scalars, place.at, place.digits, place.errors), mode, names)

    return arrays.jacobian(graph, wanted, computed)


def _by_output(
    found: Sequence[Number], graph: Graph, wanted: Sequence[str]
) -> dict[str, dict[str, Number]]:
    """Return derivatives in rows, one for each output."""
    numbers = iter(found)
    return {label: {name: next(numbers) for name in wanted} for label in graph.outputs}
