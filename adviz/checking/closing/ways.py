"""The ways in which a derivative is written on a card: the first one that fits is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from adviz.checking.closing.ground import Ground
from adviz.checking.closing.named import chained, computed, swept
from adviz.checking.closing.written import Formula
from adviz.checking.truth.sympys import formulas, given_out
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.modes.extent import extent
from adviz.modes.sympy_partials import Expression

_LARGEST = 150
"""The most operations of an expression whose common factors are taken out."""


Made = Iterator[tuple[Key, Formula]]


class Asked(NamedTuple):
    """Which derivatives of an output are to be written."""

    graph: Graph
    label: str
    names: tuple[str, ...]
    """The inputs by which."""
    wanted: tuple[str, ...]
    """The inputs by which all of a film's derivatives are: SymPy finds these at once."""


def written(graph: Graph, wanted: tuple[str, ...], keys: Iterable[Key]) -> dict[Key, Formula]:
    """Return derivatives as formulas that fit on a card; where none does, by the chain rule.

    They are some of those by the wanted inputs. What SymPy cannot write down has no formula.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> graph = adviz.build("-log(exp(a)/(exp(a) + exp(b) + exp(c)))")
    >>> unicode_text(written(graph, ("a",), [Key("f", "a")])[Key("f", "a")].tree)
    'exp(a)/(exp(a) + exp(b) + exp(c)) − 1'
    """
    asked: dict[str, list[str]] = {}
    for key in keys:
        asked.setdefault(key.output, []).append(key.input)
    found: dict[Key, Formula] = {}
    for label, names in asked.items():
        for way in WAYS:
            missing = tuple(name for name in names if Key(label, name) not in found)
            if missing:
                found |= _fitting(way.made(Asked(graph, label, missing, wanted)), way.fits)
    return found


def _fitting(made: Made, fits: Callable[[Formula], bool]) -> dict[Key, Formula]:
    """Return the formulas that fit: of several for one derivative the smallest, opened."""
    found: dict[Key, list[Formula]] = {}
    with suppress(AdvizError):  # of what is too large, or holds what no graph can
        for key, one in made:
            if fits(one):
                found.setdefault(key, []).append(one)
    return {key: min(several, key=lambda one: one.size).opened() for key, several in found.items()}


def value(graph: Graph, label: str) -> Formula | None:
    """Return what an output is as a formula: in the inputs, the author's names, or any names.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> unicode_text(value(adviz.build("*".join(f"sin({k}*x)" for k in range(2, 20))), "f").tree)
    'v₃₅ · sin(v₃₆) · sin(15x) · sin(16x) · sin(17x) · sin(18x) · sin(19x)'
    """
    plain, author, every = (
        Formula(graph, label, {n: graph.leaf(n) for n in kept if n != graph.outputs[label]})
        for kept in ((), _authors(graph), computed(graph))
    )
    named = [(author, _fits)] if author.names else []
    tried = [(plain, _is_short), *named, (every.opened(), _fits)]
    return next((one for one, fits in tried if fits(one)), None)


def _in_inputs(asked: Asked) -> Made:
    """Yield SymPy's derivatives of the whole expression: as it derives them, and rewritten."""
    keys = [Key(asked.label, name) for name in asked.names]
    derived = formulas(asked.graph, asked.wanted)
    yield from ((key, Formula(*derived[key])) for key in keys if key in derived)
    given = given_out(asked.graph, asked.wanted)
    yield from _read(asked, {key.input: given[key] for key in keys if key in given}, ())


def _in_authors_names(asked: Asked) -> Made:
    """Yield derivatives in the inputs and in what the author has given a name."""
    kept = _authors(asked.graph)
    yield from _in_names(asked, kept) if kept else ()


def _in_any_names(asked: Asked) -> Made:
    """Yield derivatives in the names of all nodes."""
    yield from _in_names(asked, computed(asked.graph))


def _in_names(asked: Asked, kept: Sequence[int]) -> Made:
    yield from _read(asked, swept(asked.graph, asked.label, asked.names, kept), kept)


def _by_the_chain_rule(asked: Asked) -> Made:
    """Yield derivatives in those by the nodes between."""
    yield from chained(asked.graph, asked.label, asked.names).items()


def _authors(graph: Graph) -> list[int]:
    """Return the nodes that the author has given a name, without the outputs."""
    named = {*graph.names.values()} - {*graph.outputs.values()}
    return [node for node in computed(graph) if node in named]


def _read(asked: Asked, slopes: Mapping[str, Expression], kept: Sequence[int]) -> Made:
    """Yield SymPy's expressions as formulas, as they are, factored and multiplied out."""
    import sympy

    for name, slope in slopes.items():
        short = extent([], slope).operations <= _LARGEST
        for form in (_as_it_is, *((sympy.factor_terms, sympy.expand_mul) if short else ())):
            ground = Ground.of(asked.graph)
            yield (
                Key(asked.label, name),
                ground.formula(ground.add(form(slope)), ground.names(kept)),
            )


def _as_it_is(expression: Expression) -> Expression:
    return expression


def _is_short(one: Formula) -> bool:
    return one.is_short


def _fits(one: Formula) -> bool:
    return one.fits


class Way(NamedTuple):
    """A way to write derivatives, and which of them are taken."""

    made: Callable[[Asked], Made]
    fits: Callable[[Formula], bool]


WAYS = (
    Way(_in_inputs, _is_short),
    Way(_in_authors_names, _fits),
    Way(_in_any_names, _fits),
    Way(_by_the_chain_rule, lambda _: True),
)
"""The most explicit one is first; in names, as few as the lines leave are shown."""
