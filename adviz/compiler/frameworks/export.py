"""A graph given to a framework, as the framework's own function."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from adviz.compiler.frameworks.tables import FRAMEWORKS
from adviz.compiler.frameworks.writing import function, written
from adviz.compiler.kinds import KINDS, labels_of
from adviz.compiler.program.data import Program
from adviz.compiler.program.program import program
from adviz.errors import AdvizError, needing
from adviz.graph.graph import Graph
from adviz.language.asked import among, shown
from adviz.modes.building import build, in_numbers
from adviz.modes.evaluation import evaluated
from adviz.sources import Source


def export(
    source: Source,
    to: str,
    kind: str = "value",
    *,
    wrt: str | Sequence[str] | None = None,
    of: str | None = None,
    verify: bool = True,
) -> Any:
    """Return a graph as a function of a framework, to be differentiated, compiled, batched there.

    `source` is a Graph, or anything `adviz.build` takes. `to` is the name that one imports:

    | `to` | given back |
    |---|---|
    | `"jax"` | a function of JAX arrays, for `jax.grad`, `jax.jit`, `jax.vmap` |
    | `"torch"` | a function of tensors, for `backward`, `torch.func`, `torch.compile` |
    | `"autograd"` | a function of numbers and arrays, for `autograd.grad` |
    | `"casadi"` | a `casadi.Function` of scalar expressions |
    | `"numpy"` | a function of numbers and arrays |
    | `"sympy"` | a `sympy.Lambda` |

    Its arguments are the inputs in order; a vector argument of a traced function is an array. It
    gives the output, or a tuple of several. It is written as that framework's users write it, with
    the framework's own functions, and its conventions at kinks: both branches of a choice are
    computed. `inspect.getsource` shows it. A row that the framework lacks goes by its definition.
    `kind`, `wrt`, `of` and `verify` are as in `adviz.compile`: `kind="gradient"` gives adviz's
    derivatives, computed there. A graph with arrays is written element by element, as by
    `adviz.expand`: it takes its arrays whole, and gives the elements of an array in a tuple.

    Raises AdvizError for an unknown framework or kind, where the framework is not installed, and
    where it lacks a row that has no definition.

    >>> import adviz, inspect
    >>> f = adviz.export("sin(x)*y", "numpy")
    >>> print(inspect.getsource(f))
    def value(x, y):
        # values
        f = np.sin(x)*y
        return f
    <BLANKLINE>
    >>> f([0.0, 1.0], 2.0).round(3)
    array([0.   , 1.683])
    """
    if not among(to, _NAMES):
        raise AdvizError(f"there is no framework {shown(to)}; there is {', '.join(_NAMES)}")
    graph = in_numbers(build(source, verify=verify))
    labels = labels_of(graph, kind, of)
    if KINDS[kind].film:
        raise AdvizError(f"a {kind} is no function of a framework; compile it")
    wanted = KINDS[kind].wanted(graph, wrt)
    made = program(graph, kind, wanted, None if len(labels) == len(graph.outputs) else labels[0])
    return _lambda(made) if to == "sympy" else _of_arrays(graph, made, to)


def _of_arrays(graph: Graph, made: Program, to: str) -> Any:
    """Return a program as a function of a framework of arrays."""
    framework = FRAMEWORKS[to]
    code = written(made, framework, graph.vectors or {})
    with needing(framework.extra, f"a function of {framework.name} needs {framework.package}"):
        import_module(framework.package)
        found = function(code)
        if to != "numpy":
            found.__module__ = framework.package  # whose arrays it takes, though it names none
        return framework.made(found, code)


def _lambda(made: Program) -> Any:
    """Return a program as SymPy's function of symbols, nothing evaluated."""
    import sympy

    from adviz.numbers.symbols import SYMBOLS
    from adviz.numbers.sympys.hyperbolic import handed_out

    symbols = {name: sympy.Symbol(name) for name in made.parameters}
    found = evaluated(made, SYMBOLS.over(made.rows), symbols)
    results = [handed_out(found[node]) for node in made.results.values()]
    return sympy.Lambda(
        tuple(symbols.values()), results[0] if len(results) == 1 else sympy.Tuple(*results)
    )


_NAMES = (*FRAMEWORKS, "sympy")
