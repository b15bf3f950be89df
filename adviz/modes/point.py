"""Where a graph is evaluated: a user's numbers, checked, and the number system they ask for."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.language.asked import mapping, shown
from adviz.numbers import EXACT, FLOAT64, Number, Numbers, multiprecision
from adviz.numbers.given import TEXTS, array, is_array, real, unattached, whole
from adviz.primitives.row import Shape

Point = Mapping[str, Number] | Sequence[Number]
"""Numbers by input name, or in the order of the inputs."""

FloatPoint = Mapping[str, float]
"""One point: a float for every input."""


def system_for(graph: Graph, point: Mapping[str, Number], digits: int | None) -> Numbers:
    """Return the number system for a point: float64 unless its numbers say otherwise.

    Fractions (with ints) stay exact, mpmath numbers keep their context's digits, and an array
    stands for many points, unless the graph itself has arrays, of such numbers.
    """
    if graph.shapes is not None:
        from adviz.numbers.tensor import kinds, tensors

        return tensors(_system_for(graph, kinds(point), digits))
    return _system_for(graph, point, digits)


def _system_for(graph: Graph, point: Mapping[str, Number], digits: int | None) -> Numbers:
    values = list(point.values())
    many = [name for name, value in point.items() if is_array(value)]
    if digits is not None:
        if many:
            raise PointError(f"{many[0]} is an array; digits= computes one point at a time")
        return multiprecision(_checked_digits(digits, graph)).over(graph.rows)
    if many:
        from adviz.numbers import ARRAY

        return ARRAY.over(graph.rows)
    contexts = [value.context for value in values if hasattr(value, "context")]
    if contexts:
        return multiprecision(max(context.dps for context in contexts)).over(graph.rows)
    rational = all(isinstance(value, numbers.Rational) for value in values)
    if rational and any(isinstance(value, Fraction) for value in values):
        return EXACT.over(graph.rows)
    return FLOAT64.over(graph.rows)


def named(graph: Graph, at: Point | Number) -> dict[str, Number]:
    """Return a point as numbers by input name, in the order of the inputs.

    A vector argument of a traced callable may be given whole, under its own name. Raises
    PointError for a missing, unknown or unusable number.
    """
    given = _mapping(graph, at)
    for vector, names in (graph.vectors or {}).items():
        if vector in given and vector not in graph.inputs:
            parted = _elements if graph.shapes is None else _arrays
            given.update(parted(vector, names, given.pop(vector)))
    unknown = [name for name in given if name not in graph.inputs]
    if unknown:
        raise PointError(f"there is no input {shown(unknown[0])}; {_inputs(graph)}")
    missing = [name for name in graph.inputs if name not in given]
    if missing:
        euler = "; Euler's number is exp(1), its powers are exp(x)" if "e" in missing else ""
        said = f"the point gives no value for {', '.join(missing)}; {_inputs(graph)}{euler}"
        raise PointError(said)
    if graph.shapes is None:
        return {name: usable(name, given[name]) for name in graph.inputs}
    return {name: shaped(name, given[name], graph.shape(n)) for name, n in graph.inputs.items()}


def in_order(what: str, given: Any, names: Sequence[str]) -> dict[str, Number]:
    """Return numbers given in the order of some names."""
    if isinstance(given, TEXTS) or not isinstance(given, Sequence) or len(given) != len(names):
        raise PointError(f"a {what} is a mapping, or one number for each of {', '.join(names)}")
    return dict(zip(names, given, strict=True))


def seeds(
    what: str, noun: str, given: Mapping[str, Any], known: Mapping[str, int],
    shapes: Mapping[int, Shape] | None = None,
) -> dict[str, Number]:  # fmt: skip
    """Return a direction or a cotangent, checked as a point is: by name, and by shape."""
    mapping(what, given, f"{{{next(iter(known), 'x')!r}: 1.0}}")
    unknown = [name for name in given if name not in known]
    if unknown:
        raise PointError(
            f"{what}: there is no {noun} {shown(unknown[0])}; there is {', '.join(known)}"
        )
    if shapes is None:
        return {name: usable(f"{what} {name}", value) for name, value in given.items()}
    wanted = {name: shapes.get(known[name], ()) for name in given}
    return {n: shaped(f"{what} {n}", value, wanted[n]) for n, value in given.items()}


def shaped(name: str, value: Any, shape: Shape) -> Number:
    """Return a number, or an array of numbers, of the shape that a node of a graph has.

    Raises PointError for another shape: of a graph with arrays a point is one point.

    >>> shaped("x", [1, 2], (2,))
    array([1., 2.])
    """
    value = unattached(value)
    made = _array_of(name, value) if is_array(value) else real(name, value)
    found = getattr(made, "shape", ())
    if found == shape:
        return made
    wanted = f"has the shape {shape}" if shape else "is a number"
    given = f"an array of the shape {found}" if found else "a number"
    extra = len(found) > len(shape) and found[len(found) - len(shape) :] == shape
    said = "; a graph with arrays takes one point at a time" if extra else ""
    raise PointError(f"{name} {wanted}; the point gives {given}{said}")


def _array_of(name: str, value: Any) -> Any:
    """Return an array of float64, or of whatever other numbers are in it."""
    import numpy as np

    held = np.array(value, dtype=object)
    others = {type(one) for one in held.flat} - {int, float}
    if not any(hasattr(one, "context") or issubclass(one, Fraction) for one in others):
        return array(name, value)
    for place, one in np.ndenumerate(held):
        held[place] = real(f"{name}[{', '.join(map(str, place))}]", one)
    return held


def fitting(
    what: str, seeds: Mapping[str, Number], point: Mapping[str, Number], graph: Graph
) -> None:
    """Raise PointError for a direction or cotangent with other numbers than one for each point.

    >>> import adviz
    >>> import numpy as np
    >>> point = {"x": np.ones((2, 3)), "y": 2.0}
    >>> fitting("direction", {"x": np.ones(3), "y": 1.0}, point, adviz.build("x*y"))
    """
    shapes = {name: seed.shape for name, seed in seeds.items() if getattr(seed, "shape", ())}
    if not shapes or graph.shapes is not None:
        return
    import numpy as np

    whole = common_shape(point)
    for name, shape in shapes.items():
        beside = zip(shape[::-1], whole[::-1], strict=False)
        if len(shape) > len(whole) or any(size not in (1, room) for size, room in beside):
            points = f"points of shape {whole}" if whole else "a single point"
            raise PointError(
                f"{what} {name} has the shape {np.shape(seeds[name])}, at {points}; "
                f"give one number, or one for each point"
            )


def converted(numbers_: Numbers, point: Mapping[str, Number], what: str = "") -> dict[str, Number]:
    """Return a point's numbers, or those of `what` is given beside it, in a number system.

    Raises PointError for a number that the system does not hold.
    """
    made = {name: _taken(numbers_, f"{what} {name}".lstrip(), x) for name, x in point.items()}
    if numbers_.many:
        common_shape(made)
    return made


def _taken(numbers_: Numbers, name: str, value: Number) -> Number:
    return value.copy() if numbers_.many and is_array(value) else numbers_.given(name, value)


def common_shape(numbers_: Mapping[str, Number]) -> tuple[int, ...]:
    """Return the shape of all points together. Raises PointError where there is none."""
    import numpy as np

    try:
        return np.broadcast_shapes(*map(np.shape, numbers_.values()))
    except ValueError:
        shapes = ", ".join(f"{name}: {np.shape(value)}" for name, value in numbers_.items())
        raise PointError(f"the arrays do not fit together; their shapes are {shapes}") from None


def broadcaster(system: Numbers, point: Mapping[str, Number]) -> Callable[[Number], Number]:
    """Return what gives a number the broadcast shape of the points that it holds for."""
    if not system.many:
        return _given_out if system.eager else lambda number: number
    import numpy as np

    shape = np.broadcast_shapes(*(np.shape(value) for value in point.values()))
    return lambda number: np.broadcast_to(number, shape).copy()


def _given_out(number: Number) -> Number:
    """Return an array as one of its own, NumPy's number as Python's."""
    if getattr(number, "shape", None) is None:
        return number
    return number.copy() if number.shape else number.item()


def _mapping(graph: Graph, at: Point | Number) -> dict[str, Number]:
    if isinstance(at, Mapping):
        return dict(at)
    if isinstance(at, numbers.Number):
        at = [at]
    if isinstance(at, TEXTS) or not isinstance(at, Sequence):
        raise PointError(f"a point is a mapping such as {{'x': 3.0}}, not {type(at).__name__}")
    if len(at) != len(graph.inputs):
        raise PointError(f"the point has {len(at)} numbers; {_inputs(graph)}")
    return dict(zip(graph.inputs, at, strict=True))


def _elements(vector: str, names: Sequence[str], value: Any) -> dict[str, Number]:
    from adviz.sources.structure import numbers_in

    flat = [*numbers_in(vector, value).values()]
    if len(flat) != len(names):
        raise PointError(f"{vector} has {len(flat)} elements at this point; it needs {len(names)}")
    return dict(zip(names, flat, strict=True))


def _arrays(name: str, names: Sequence[str], value: Any) -> dict[str, Any]:
    """Return what holds arrays as the inputs that these are."""
    from adviz.sources.structure import arrays_in

    found = arrays_in(name, value)
    if [*found] != [*names]:
        raise PointError(
            f"{name} holds {', '.join(found)} at this point; it needs {', '.join(names)}"
        )
    return found


def _inputs(graph: Graph) -> str:
    names = list(graph.inputs)
    if not names:
        return "the formula has no inputs"
    shown = ", ".join(names[:8]) + (f", … ({len(names)} in all)" if len(names) > 8 else "")
    return f"the inputs are {shown}" if len(names) > 1 else f"the only input is {shown}"


def usable(name: str, value: Any) -> Number:
    """Return a real number as it is, an array or nested lists as an array of floats."""
    value = unattached(value)
    return array(name, value) if is_array(value) else real(name, value)


def _checked_digits(digits: Any, graph: Graph) -> int:
    """Return a number of digits with which a graph is computed in bounded time."""
    from adviz.numbers.arbitrary import most_digits

    ops = dict.fromkeys(graph.ops)
    most, slow = most_digits(row for op in ops if (row := graph.rows.get(op)))
    return whole("digits", digits, most, f" where there is {slow}" if slow else "")
