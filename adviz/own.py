"""A user's own primitive: a row like any other, its partials derived when they are not given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from adviz.errors import FormulaError, GraphError
from adviz.graph import Graph
from adviz.numbers import FLOAT64
from adviz.primitives import Primitive, Table, extend
from adviz.sources.text import from_text
from adviz.written import identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPrimitive(Primitive):
    """A row that can be called in a traced Python function."""

    def __call__(self, *arguments: Any) -> Any:
        """Return the row applied to traced values, or its value at plain numbers."""
        from adviz.functions import apply_row

        return apply_row(self, arguments)


def primitive(
    name: str,
    define: str,
    *,
    partials: Sequence[str] | str | None = None,
    args: Sequence[str] | None = None,
    functions: Sequence[Primitive] = (),
    **facts: Any,
) -> OwnPrimitive:
    """Return a row of your own: `build(text, functions=[row])`, or call it in a traced function.

    `define` is a formula in its arguments (in order of appearance, unless `args` names them) and
    other rows, `partials` one formula per argument, in which `z` is the result; left out, they
    are derived. `facts` are other fields of a row, such as `domain`, `kink` or `label`.

    Raises FormulaError for a formula that cannot be read and GraphError for a name that is taken.

    >>> import adviz
    >>> swish2 = adviz.primitive("swish2", "x*sigmoid(2*x)")
    >>> adviz.gradient(adviz.build("swish2(t)**2", functions=[swish2]), at={"t": 0.5})
    {'t': 0.6781814858457382}
    """
    if not identifier(name):
        raise GraphError(f"{name!r} is not a name that a formula can call")
    rows = extend(functions)
    if name in rows:
        raise GraphError(f"a primitive called {name!r} exists already; choose another name")
    meaning = from_text(define, rows)
    names = tuple(args) if args is not None else tuple(meaning.inputs)
    _check_arguments(define, meaning, names)
    given = (partials,) if isinstance(partials, str) else partials
    rules = tuple(given) if given is not None else _derived(meaning, names)
    if len(rules) != len(names):
        raise GraphError(f"{name} has {len(names)} arguments and {len(rules)} partials")
    _check_facts(facts)
    made = OwnPrimitive(name=name, args=names, partials=rules, define=define, **facts)
    _check_rules(made, extend([*functions, made]))
    return made


def _check_arguments(define: str, meaning: Graph, names: Sequence[str]) -> None:
    if len(meaning.outputs) != 1:
        raise GraphError("a primitive has one result")
    if "z" in names:
        raise GraphError("z stands for a primitive's result; call the argument otherwise")
    missing = [name for name in meaning.inputs if name not in names]
    if missing:
        raise FormulaError(
            f"{missing[0]} is not one of the arguments {', '.join(names)}", define, (0, len(define))
        )


def _derived(meaning: Graph, names: Sequence[str]) -> tuple[str, ...]:
    """Return one formula per argument, written from the derivative's graph."""
    from adviz.derive import derivative_graph

    (label,) = meaning.outputs
    slopes = derivative_graph(meaning, of=label)
    return tuple(
        _body(slopes, f"d{label}/d{name}") if name in meaning.inputs else "0" for name in names
    )


def _body(graph: Graph, label: str) -> str:
    """Return one output as statements without a header."""
    from adviz.builder import Builder
    from adviz.sources import copy_into

    builder = Builder(graph.rows)
    outputs = copy_into(graph, builder)
    only = builder.finish({"f": outputs[label]})
    _, _, body = only.text.partition("=")
    return "; ".join(line.strip() for line in body.strip().splitlines())


def _check_facts(facts: dict[str, Any]) -> None:
    known = {field.name for field in fields(Primitive)}
    unknown = [fact for fact in facts if fact not in known]
    if unknown:
        raise GraphError(f"a primitive has no {unknown[0]!r}; it has {', '.join(sorted(known))}")


def _check_rules(row: Primitive, rows: Table) -> None:
    """Read every formula of a row once, so that a mistake is found now."""
    texts = [*row.partials, row.domain, row.kink, row.pole, row.piece]
    for text in filter(None, texts):
        FLOAT64.over(rows).rule(row, text)
