"""The graph of anything that describes a function; that of a Python callable is verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adviz.errors import AdvizError
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.language.asked import truth
from adviz.primitives import Primitive, extend
from adviz.sources import Options, Shape, Source, read


def build(
    source: Source,
    *example: Any,
    functions: Iterable[Primitive] = (),
    share: bool = True,
    inputs: Sequence[str] | None = None,
    shapes: Mapping[str, Shape] | None = None,
    at: Any = None,
    arrays: bool = False,
    verify: bool = True,
) -> Graph:
    """Return the explicit graph of a function.

    `source` is a formula's text, a SymPy expression, a Python callable, a function or module of JAX
    or PyTorch, a Function of CasADi, a NetworkX graph of the form of `Graph.nx`, or a list or
    mapping of these for several outputs; a Graph passes through.
    `example` is what a callable is called with, in the order of its parameters, instead of `at`.
    `functions` are primitives of your own that a text may call. `share=False` keeps equal
    subexpressions apart. For a callable, `inputs` names the arguments to differentiate by,
    `shapes` says which of them are vectors, and `at` gives a point whose branches are followed.
    With `arrays=True` an array stays one node, with a shape; otherwise each element is one. A
    framework's function, one that is given its arrays or calls its functions, is traced by the
    framework: arrays stay nodes, and a module's parameters are inputs (docs/peers.md).

    A callable is called once more, with plain numbers at that point, or at three points drawn
    where none is given, and must give what its graph gives, within rounding; `verify=False`
    takes the graph as it is.

    Raises FormulaError, TracingError or GraphError, each an AdvizError that says where.

    >>> import adviz
    >>> adviz.build("(x + y)*(x - y)")
    <Graph (x, y) -> f: 5 nodes>
    >>> adviz.build(lambda x, y: (x + y)*(x - y)) == adviz.build("f(x, y) = (x + y)*(x - y)")
    True
    """
    if isinstance(source, Graph):
        return source
    judge = _verified if truth("verify", verify) else None
    share, kept = truth("share", share), truth("arrays", arrays)
    with PAUSED:
        asked = Options(extend(functions), share, inputs, shapes, at, kept, judge, example)
        return read(source, asked)


def built_at(source: Source, at: Any, verify: bool = True) -> Graph:
    """Return the graph of a source that is used at a point, whose branches a callable follows."""
    return build(source, at=at if callable(source) else None, verify=verify)


def expand(source: Source, *, verify: bool = True) -> Graph:
    """Return the graph of numbers that a graph with arrays is, element by element.

    An input `W` becomes the inputs `W0_0`, `W0_1`, …, and may still be given whole at a point; an
    array output `f` becomes `f1`, `f2`, … in the order of its elements. A graph of numbers is
    returned as it is. `verify=False` does not compare a callable with its graph.

    Raises TooLarge beyond a million elements, and GraphError where the name of an element is that
    of another input or output.

    >>> import adviz
    >>> graph = adviz.build(lambda W, x: W @ x, shapes={"W": (2, 2), "x": 2}, arrays=True)
    >>> adviz.expand(graph)
    <Graph (W0_0, W0_1, W1_0, W1_1, x0, x1) -> f1, f2: 12 nodes>
    """
    return in_numbers(build(source, verify=verify))


def of_numbers(graph: Graph) -> Graph:
    """Return a graph of numbers as it is; raise AdvizError for one with arrays."""
    if graph.shapes is None:
        return graph
    node, shape = next(iter(graph.shapes.items()))
    raise AdvizError(
        f"this is for graphs of numbers, and {graph.symbol(node)} is an array of the shape "
        f"{shape}; give adviz.expand(graph), which is the same graph element by element"
    )


def in_numbers(graph: Graph) -> Graph:
    """Return a graph of numbers as it is, one with arrays element by element."""
    if graph.shapes is None:
        return graph
    from adviz.modes.scalars import expanded

    return expanded(graph)


def _verified(traced: Any) -> None:
    from adviz.modes.verification import verify

    if traced.graph.shapes is not None:
        from adviz.modes.scalars import in_elements

        return in_elements(traced, verify)
    return verify(traced)
