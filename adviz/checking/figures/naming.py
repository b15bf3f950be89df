"""What a number of a figure is called, from the key under which the scene keeps it."""

from __future__ import annotations

from adviz.checking.figures.again import GIVEN
from adviz.scene.quantities import sweeps
from adviz.scene.scene import Scene

_ALONG = {
    "partial": "the local partial",
    "incoming": "what comes in",
    "product": "the contribution",
    "before": "what was there before",
    "sum": "the sum after it",
}
"""What belongs to an edge."""


def called(scene: Scene, key: str) -> str:
    """Return the name of a number, for a reader.

    >>> import adviz
    >>> scene = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2})).scene
    >>> called(scene, "0/value/2"), called(scene, "0/adjoint/0"), called(scene, "0/product/1")
    ('the value of f', 'the adjoint of x', 'the contribution from f to y (adjoint)')
    """
    first, _, rest = key.removeprefix(GIVEN).partition("/")
    quantity, _, number = rest.rpartition("/")
    before = GIVEN if key.startswith(GIVEN) else ""
    if not quantity:
        return f"the local partial of {_edge(scene, rest, 'by')}"
    if quantity not in _ALONG:
        return f"{before}the {quantity} of {_symbol(scene, int(number))}"
    kind = sweeps(scene.traces)[int(first)].kind
    if quantity == "partial":
        return f"{before}the local partial of {_edge(scene, number, 'by')}"
    return f"{before}{_ALONG[quantity]} {_edge(scene, number, kind)} ({kind})"


def _symbol(scene: Scene, node: int) -> str:
    labels = {n: label for label, n in reversed(scene.graph.outputs.items())}
    return labels.get(node) or scene.graph.symbols[node]


def _edge(scene: Scene, number: str, how: str) -> str:
    edge = scene.edges[int(number)]
    head, tail = _symbol(scene, edge.head), _symbol(scene, edge.tail)
    if how == "by":
        return f"{head} by {tail}"
    return f"from {tail} to {head}" if how.startswith(("tangent", "order")) else f"from {head} to {tail}"
