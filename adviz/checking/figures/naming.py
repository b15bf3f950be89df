"""What a number of a figure is called, from the key under which the scene keeps it."""

from __future__ import annotations

from adviz.checking.figures.again import GIVEN
from adviz.modes.trace import BACKWARD
from adviz.render.provenance.shown import element
from adviz.scene.quantities import sweeps
from adviz.scene.scene import Scene

_ALONG = {
    "incoming": "the {kind} of {sender} on its way to {receiver}",
    "product": "the contribution of {sender} to the {kind} of {receiver}",
    "before": "the {kind} of {receiver} before the contribution of {sender}",
    "sum": "the {kind} of {receiver} with the contribution of {sender}",
}
"""What belongs to an edge, by its quantity."""


def called(scene: Scene, key: str) -> str:
    """Return the name of a number, for a reader.

    >>> import adviz
    >>> scene = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2})).scene
    >>> called(scene, "0/value/2"), called(scene, "0/adjoint/0"), called(scene, "0/product/1")
    ('the value of f', 'the adjoint of x', 'the contribution of f to the adjoint of y')
    """
    array, place = element(key)
    if place is not None:
        return f"the element {place[0]}, {place[1]} of {called(scene, array)}"
    before = GIVEN if key.startswith(GIVEN) else ""
    first, _, rest = key.removeprefix(GIVEN).partition("/")
    quantity, _, number = rest.rpartition("/")
    if quantity in ("", "partial"):
        edge = scene.edges[int(number)]
        by = f"{_symbol(scene, edge.head)} by {_symbol(scene, edge.tail)}"
        return f"{before}the local partial of {by}"
    kind = sweeps(scene.traces)[int(first)].kind
    if quantity not in _ALONG:
        return f"{before}the {quantity} of {_symbol(scene, int(number))}"
    edge = scene.edges[int(number)]
    ends = [_symbol(scene, node) for node in (edge.tail, edge.head)]
    sender, receiver = reversed(ends) if kind in BACKWARD else ends
    return before + _ALONG[quantity].format(kind=kind, sender=sender, receiver=receiver)


def _symbol(scene: Scene, node: int) -> str:
    """Return what a node is called: as an output, or as a node."""
    label = next((label for label, n in scene.graph.outputs.items() if n == node), None)
    return label or scene.graph.symbols[node]
