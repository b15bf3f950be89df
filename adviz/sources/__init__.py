"""A graph from anything that describes a function: text, SymPy, Python, frameworks, NetworkX."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from adviz.errors import GraphError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.primitives import TABLE, Table, extend, own
from adviz.primitives.structural import STRUCTURAL
from adviz.sources.frameworks.homes import framework_of

if TYPE_CHECKING:
    from adviz.sources.function import Traced

Source = Any
"""A Graph, a text, a SymPy expression, a Python callable, a function or module of JAX or PyTorch, a
CasADi Function, a NetworkX graph, or a list or mapping of these for several outputs."""

Shape = int | tuple[int, ...]


class Options(NamedTuple):
    """What a caller asked for, for every part of a source alike; see `adviz.build`."""

    rows: Table = TABLE
    share: bool = True
    inputs: Sequence[str] | None = None
    shapes: Mapping[str, Shape] | None = None
    at: Any = None
    arrays: bool = False
    verify: Callable[[Traced], None] | None = None
    """What looks at the graph of a callable before anybody trusts it."""
    example: Sequence[Any] = ()
    """What a callable is called with, in order, instead of a point."""

    @property
    def keeping(self) -> Table:
        """The rows of a graph with arrays."""
        return extend([*own(self.rows), *STRUCTURAL.values()])


def read(source: Source, options: Options) -> Graph:
    """Return the graph of one source or of several together, of a Graph itself."""
    if isinstance(source, Mapping) and not _is_networkx(source):
        return _several(source, options)
    if isinstance(source, list | tuple):
        return _several({f"f{i}": part for i, part in enumerate(source, 1)}, options)
    return _single(source, options)


def is_traced(source: Source) -> bool:
    """Return whether a source is a callable that is called, once, with traced values.

    >>> is_traced(abs), is_traced("abs(x)")
    (True, False)
    """
    reader = _found(source)
    if reader is None or reader.reads is not _function or framework_of(source):
        return False
    from adviz.sources.frameworks.read import framework_in

    return not framework_in(source)


def _single(source: Source, options: Options) -> Graph:
    """Return the graph of one source, by what it is."""
    reader = _reader(source)
    if options.example and reader.reads is not _function:
        raise GraphError(
            f"example arguments are for a callable; this is {reader.source or 'a Graph'}"
        )
    return reader.reads(source, options)


def _reader(source: Source) -> Reader:
    """Return what reads a source, by what it is."""
    found = _found(source)
    if found is not None:
        return found
    known = ", ".join(reader.source for reader in _READERS if reader.source)
    raise GraphError(
        f"cannot build a graph from {type(source).__name__}; give {known}, or a list or mapping "
        "of these"
    )


def _several(sources: Mapping[Any, Source], options: Options) -> Graph:
    """Return one graph with the outputs of several; inputs of one name are one input."""
    parts = {label: _single(source, options) for label, source in sources.items()}
    arrays = any(part.shapes is not None for part in parts.values())
    builder = Builder(options.keeping if arrays else options.rows, share=options.share)
    outputs: dict[str, int] = {}
    for label, part in parts.items():
        merged = copy_into(part, builder)
        if len(merged) > 1:
            raise GraphError(f"the part {label!r} has several outputs itself: {', '.join(merged)}")
        outputs[str(label)] = next(iter(merged.values()))
    return builder.finish(outputs)


def copy_into(graph: Graph, builder: Builder) -> dict[str, int]:
    """Add a graph's nodes to a builder and return its outputs there; inputs merge by name."""
    new = copied(graph, builder)
    return {label: new[node] for label, node in graph.outputs.items()}


def copied(graph: Graph, builder: Builder) -> list[int]:
    """Add a graph's nodes to a builder and return where each went; inputs merge by name."""
    new: list[int] = []
    by_node = {node: name for name, node in graph.inputs.items()}
    static = (graph.params or {}).get
    for node, op in enumerate(graph.ops):
        if node in by_node:
            new.append(builder.input(by_node[node], graph.shape(node)))
        elif node in graph.constants:
            new.append(builder.constant(graph.constants[node]))
        else:
            new.append(
                builder.node(op, tuple([new[a] for a in graph.args[node]]), static(node, ()))
            )
    for name, node in graph.names.items():
        builder.names.setdefault(name, new[node])
    for node, source in (graph.sources or {}).items():
        builder.sources.setdefault(new[node], source)
    for guard in graph.guards:
        builder.require(new[guard.node], guard.reason)
    builder.vectors.update(graph.vectors or {})
    return new


def _is_networkx(source: Source) -> bool:
    return hasattr(source, "add_nodes_from") and hasattr(source, "nodes")


def _is_sympy(source: Source) -> bool:
    """Return whether this is SymPy's, by its type alone: its properties walk expanded trees."""
    return any(
        (kind.__module__ or "").partition(".")[0] == "sympy" for kind in type(source).__mro__
    )


def _text(source: Source, options: Options) -> Graph:
    from adviz.sources.text import from_text

    return from_text(source, options.rows, share=options.share)


def _sympy(source: Source, options: Options) -> Graph:
    from adviz.sources.sympy import from_sympy

    return from_sympy(source, options.rows, share=options.share)


def _is_casadi(source: Source) -> bool:
    """Return whether this is a Function of CasADi, or a Callback, which is one."""
    kinds = [(k.__module__.partition(".")[0], k.__name__) for k in type(source).__mro__]
    return ("casadi", "Function") in kinds


def _casadi(source: Source, options: Options) -> Graph:
    from adviz.sources.casadi import from_casadi

    return from_casadi(source, options.rows, share=options.share)


def _networkx(source: Source, options: Options) -> Graph:
    from adviz.sources.networkx import from_networkx

    return from_networkx(source, options.rows)


def _found(source: Source) -> Reader | None:
    return next((reader for reader in _READERS if reader.recognises(source)), None)


def _function(source: Source, options: Options) -> Graph:
    """Return the graph of a callable: called with traced values, or as its framework traces it.

    Its framework is told by its type and by the arrays that it is given; one whose functions it
    calls is asked where traced values cannot be followed.
    """
    from adviz.sources.frameworks.called import Untraced
    from adviz.sources.tracing.traced import UnsuitableError

    if options.example:
        options = _at_example(source, options)
    own = not framework_of(source, options.at)
    first, second = (_traced, _foreign) if own else (_foreign, _traced)
    try:
        return first(source, options)
    except (Untraced, UnsuitableError) as error:
        passing = (Untraced, UnsuitableError) if own else Exception
        try:
            return second(source, options)
        except passing:  # the first way was its own
            raise error from error.__cause__


def _at_example(source: Source, options: Options) -> Options:
    """Return options at the point that example arguments are, which are then inputs."""
    from adviz.sources.frameworks.read import example_point

    if options.at is not None:
        raise GraphError("give example arguments or at=, not both")
    at = example_point(source, options.example)
    named = [name for name in options.inputs or () if name not in at]
    return options._replace(at=at, inputs=[*at, *named], example=())


def _traced(source: Source, options: Options) -> Graph:
    from adviz.sources.function import traced

    made = traced(
        source,
        rows=options.keeping if options.arrays else options.rows,
        share=options.share,
        inputs=options.inputs,
        shapes=options.shapes,
        at=options.at,
        arrays=options.arrays,
    )
    if options.verify is not None:
        options.verify(made)
    return made.graph


def _foreign(source: Source, options: Options) -> Graph:
    from adviz.sources.frameworks.read import framework_in, read, verified

    made = read(
        source,
        framework_of(source, options.at) or framework_in(source),
        options.rows,
        share=options.share,
        inputs=options.inputs,
        shapes=options.shapes,
        at=options.at,
    )
    if options.verify is not None:
        verified(made, options.verify)
    return made.graph


class Reader(NamedTuple):
    """What a kind of source is called, what recognises it, and what reads it."""

    source: str
    recognises: Callable[[Source], bool]
    reads: Callable[[Source, Options], Graph]


_READERS: tuple[Reader, ...] = (
    Reader("", lambda source: isinstance(source, Graph), lambda source, _: source),
    Reader("a formula's text", lambda source: isinstance(source, str), _text),
    Reader("a SymPy expression", _is_sympy, _sympy),
    Reader("a casadi.Function", _is_casadi, _casadi),
    Reader("a Python callable", lambda s: callable(s) and not _is_networkx(s), _function),
    Reader("a networkx.MultiDiGraph", _is_networkx, _networkx),
)
"""The kinds of sources; the first that recognises one reads it."""
