"""Large random graphs: built from Python, differentiated for the first time, and called again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from lineup.clock import Entry, once, timed
from lineup.large import INPUTS, Large, large
from lineup.measured import Key, Measured
from lineup.one_point import buffered
from lineup.sides import Ready, compile_graph, difference, installed, told

PART = "large graph"
SIZES = (1_000, 10_000, 50_000, 100_000, 1_000_000)
BUILD, COMPILE, FIRST, FURTHER = "build", "compile", "first gradient", "each further gradient"
"""The stages: the first gradient is all from the Python function on, building included."""


@dataclass(frozen=True)
class Grower:
    """One row: how a side builds a graph from Python, and how it prepares its gradient."""

    name: str
    package: str
    most: int
    """The largest graph it is given; beyond, it takes long."""
    build: Callable[[Large], Any]
    prepare: Callable[[Any, Large], Ready] | None


# --- adviz -------------------------------------------------------------------------------------


def traced(run: Large) -> Any:
    """Return adviz's graph, by tracing."""
    import adviz

    names = [f"x{i}" for i in range(INPUTS)]
    return adviz.build(lambda *inputs: run.run(adviz.functions, *inputs), inputs=names)


def kernel(target: str) -> Callable[[Any, Large], Ready]:
    """Return how adviz's kernel is prepared."""
    return lambda graph, run: Ready(compile_graph(graph, target).function, run.point)


# --- the others --------------------------------------------------------------------------------


def networkx(run: Large) -> Any:
    """Return the same nodes and edges, added by NetworkX's own methods, as they arise."""
    made = import_module("networkx").MultiDiGraph()
    for node in range(INPUTS):
        made.add_node(node, op="input")
    node = INPUTS
    places = [*range(INPUTS)]

    def add(op: str, *args: int) -> int:
        nonlocal node
        made.add_node(node, op=op)
        for position, argument in enumerate(args):
            made.add_edge(argument, node, key=position)
        node += 1
        return node - 1

    for a, b in run.steps:
        one, other = places[a], places[b]
        places.append(add("sin", one) if b < 0 else add("add", add("mul", one, other), other))
    total = places[run.loose[0]]
    for place in run.loose[1:]:
        total = add("add", total, places[place])
    return made


def casadi(run: Large) -> Any:
    """Return CasADi's inputs and expression."""
    ca = import_module("casadi")
    x = ca.SX.sym("x", INPUTS)
    return x, run.run(ca, *(x[i] for i in range(INPUTS)))


def casadi_gradient(built: Any, run: Large) -> Ready:
    """Prepare CasADi's gradient function and its fastest call."""
    ca = import_module("casadi")
    x, value = built
    return buffered(ca.Function("gradient", [x], [value, ca.gradient(value, x)]), run.point)


def nothing(run: Large) -> None:
    """Build nothing: the graph arises in the first call."""


def jax_gradient(_: Any, run: Large) -> Ready:
    """Prepare JAX: the first call follows the function and compiles it."""
    module = import_module("jax")
    module.config.update("jax_enable_x64", True)
    one = module.jit(
        module.value_and_grad(lambda *x: run.run(module.numpy, *x), tuple(range(INPUTS)))
    )
    return Ready(
        lambda *x: module.block_until_ready(one(*x)),
        tuple(module.numpy.asarray(x) for x in run.point),
        lambda r: [r[0], *r[1]],
    )


def torch_gradient(_: Any, run: Large) -> Ready:
    """Prepare PyTorch, eager: every call builds its graph."""
    module = import_module("torch")
    leaves = [module.tensor(x, dtype=module.float64).requires_grad_() for x in run.point]

    def call(*inputs: Any) -> Any:
        value = run.run(module, *inputs)
        return value, module.autograd.grad(value, inputs)

    return Ready(call, tuple(leaves), lambda r: [r[0].item(), *(x.item() for x in r[1])])


def autograd_gradient(_: Any, run: Large) -> Ready:
    """Prepare autograd: every call builds its graph."""
    module, numpy = import_module("autograd"), import_module("autograd.numpy")
    one = module.value_and_grad(lambda *x: run.run(numpy, *x), tuple(range(INPUTS)))
    return Ready(one, run.point, lambda r: [r[0], *r[1]])


def by_hand(_: Any, run: Large) -> Ready:
    """Prepare a loop forward and a loop back in plain Python."""
    return Ready(run.by_hand, run.point)


# One aligned line per side is the point of the table.
# fmt: off
GROWERS: tuple[Grower, ...] = (
    Grower("adviz, native",     "",         1_000_000, traced,   kernel("native")),
    Grower("adviz, Python",     "",         1_000_000, traced,   kernel("python")),
    Grower("loop in Python",    "",         1_000_000, nothing,  by_hand),
    Grower("NetworkX, bare",    "networkx", 1_000_000, networkx, None),
    Grower("CasADi SX",         "casadi",     100_000, casadi,   casadi_gradient),
    Grower("PyTorch",           "torch",      100_000, nothing,  torch_gradient),
    Grower("autograd",          "autograd",    50_000, nothing,  autograd_gradient),
    Grower("JAX, jit",          "jax",          1_000, nothing,  jax_gradient),
)
# fmt: on
JAX = GROWERS[-1]


def measure(size: int, rounds: int) -> Iterator[Measured]:
    """Yield the figures of every side at one size, stage by stage."""
    run = large(size)
    growers = [grower for grower in GROWERS if size <= grower.most]
    yield from (
        Measured(key(size, stage, grower), note=f"takes long above {sized(grower.most)}")
        for grower in GROWERS
        if grower not in growers and grower.prepare
        for stage in (FIRST, FURTHER)
    )
    found: dict[Key, list[float]] = {}
    calls: dict[str, Ready | str] = {}
    for _ in range(rounds):
        for grower in growers:
            calls[grower.name] = _grown(grower, run, size, found)
    yield from (Measured(one, tuple(figures)) for one, figures in found.items())
    entries = []
    for grower in growers:
        one = key(size, FURTHER, grower)
        ready = calls[grower.name]
        if isinstance(ready, Ready):
            entries.append(Entry(one, ready.call, ready.arguments, ready.held))
        elif ready:
            yield Measured(one, note=ready)
    yield from timed(entries, 3 * rounds, 0.002)


def key(size: int, stage: str, grower: Grower) -> Key:
    """Return what one figure is of."""
    return Key(titled(stage), sized(size), grower.name)


def titled(stage: str) -> str:
    """Return the part that a stage is told as."""
    return f"{PART}, {stage}"


def sized(size: int) -> str:
    """Return what a size is called.

    >>> sized(50_000)
    '50 000 nodes'
    """
    return f"{size:,} nodes".replace(",", " ")


def _grown(grower: Grower, run: Large, size: int, found: dict[Key, list[float]]) -> Ready | str:
    """Build, differentiate and call once, note the seconds; return the call or what is wrong."""
    try:
        installed(grower.package)
        built, graph = once(lambda: grower.build(run))
        if grower.build is not nothing:
            found.setdefault(key(size, BUILD, grower), []).append(built)
        if grower.prepare is None:
            return ""
        prepare = grower.prepare
        prepared, ready = once(lambda: prepare(graph, run))
        called, result = once(lambda: ready.call(*ready.arguments))
        complaint = difference(ready.read(result), run.by_hand(*run.point))
    except Exception as error:  # whatever a library raises, the others go on
        return told(error)
    if not complaint:
        found.setdefault(key(size, FIRST, grower), []).append(built + prepared + called)
        if grower.build is not nothing:
            found.setdefault(key(size, COMPILE, grower), []).append(prepared)
    return complaint or ready


def first_of_jax(size: int) -> Iterator[Measured]:
    """Yield JAX's first gradient of a graph beyond what it is given beside the others."""
    found: dict[Key, list[float]] = {}
    ready = _grown(JAX, large(size), size, found)
    yield from (Measured(one, tuple(figures)) for one, figures in found.items())
    if isinstance(ready, Ready):
        one = key(size, FURTHER, JAX)
        yield from timed([Entry(one, ready.call, ready.arguments)], 9)
    else:
        yield Measured(key(size, FIRST, JAX), note=ready)
