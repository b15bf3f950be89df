"""What nodes and edges say as lines of text, for formats that another program lays out."""

from __future__ import annotations

from adviz.graph.procedure import Edge
from adviz.language.notation import Tree, unicode_text
from adviz.render.figure.words import PARTS, Part, part_of
from adviz.scene.chip_text import is_of_arrays, partial_symbol
from adviz.scene.lettering import CHIP_SIZE, LONGEST_CHIP, fitted
from adviz.scene.quantities import Look, quantity
from adviz.scene.scene import Mark, Node, Scene, finished


def node_labels(scene: Scene, show: frozenset[Part] = PARTS) -> list[list[str]]:
    """Return what each node says: symbol and operation, outputs, numbers, and its mark's note.

    Of names, operations and numbers it says what is shown; a constant is its number.

    >>> import adviz
    >>> node_labels(adviz.draw("x*y").scene)
    [['x'], ['y'], ['v₁ = x × y', 'output f']]
    >>> node_labels(adviz.draw("x*y").scene, frozenset({"operations"}))
    [[], [], ['x × y']]
    """
    numbers = finished(scene).rows
    return [
        [
            *_title(node, show),
            *(f"{row} {scene.text(numbers.get((node.id, row)))}" for row in _rows(node, show)),
            *_note(scene.marks.get(node.id)),
        ]
        for node in scene.nodes
    ]


def edge_labels(scene: Scene, show: frozenset[Part] = PARTS) -> list[list[str]]:
    """Return what each edge says: its local partial and its mark's note, where there are any.

    The partial is left out unless it is shown, and its symbol where names are not.

    >>> import adviz
    >>> edge_labels(adviz.draw(adviz.reverse("x*y", at={"x": 3, "y": 2})).scene)
    [['∂v₁/∂x = y = 2'], ['∂v₁/∂y = x = 3']]
    """
    return [
        [*_partial(scene, k, show), *_note(scene.marks.get(edge))]
        for k, edge in enumerate(scene.edges)
    ]


def _partial(scene: Scene, k: int, show: frozenset[Part]) -> list[str]:
    """Return a local partial with its symbol, by which it cannot be taken for a position.

    Of arrays it is what goes along the edge, which has no symbol.
    """
    if k not in scene.chips or "partials" not in show:
        return []
    edge = scene.edges[k]
    symbol = unicode_text(partial_symbol(scene.graph, edge))
    named = [symbol] if "names" in show and not is_of_arrays(scene.graph, edge) else []
    return [" = ".join(dict.fromkeys([*named, _chip(scene, scene.chips[k])]))]


def _chip(scene: Scene, chip: Tree) -> str:
    """Return a local partial as text, its names not too long."""
    return unicode_text(fitted(chip, LONGEST_CHIP, CHIP_SIZE, scene.text), scene.text)


def position(scene: Scene, edge: Edge) -> str:
    """Return which argument an edge brings, `(2)`, where its operation has several."""
    return f"({edge.position + 1})" if len(scene.graph.args[edge.head]) > 1 else ""


def derived(scene: Scene, node: Node, show: frozenset[Part] = PARTS) -> Look | None:
    """Return the colours of the last derivative that is shown and of which a node has a number."""
    numbers = finished(scene).rows
    rows = [row for row in _rows(node, show) if row != "value" and numbers.get((node.id, row))]
    return quantity(rows[-1]).look if rows else None


def _note(mark: Mark | None) -> list[str]:
    """Return a mark's note, if there is one."""
    return [mark.note] if mark and mark.note else []


def _rows(node: Node, show: frozenset[Part]) -> list[str]:
    """Return the numbers of a node that are shown."""
    return [row for row in node.rows if part_of(row) in show]


def _title(node: Node, show: frozenset[Part]) -> list[str]:
    """Return a node's symbol and operation as one equation, and the outputs that it is."""
    symbol = unicode_text(node.symbol)
    named = "names" in show
    sides = [symbol] if named or node.shape == "constant" else []
    if "operations" in show and node.operation is not None:
        sides.append(unicode_text(node.operation))
    outputs = (f"output {label}" for label in node.outputs if named and label != symbol)
    shape = [node.sizes] if node.sizes and named and not _rows(node, show) else []
    return [*([" ".join([" = ".join(sides), *shape])] if sides else []), *outputs]
