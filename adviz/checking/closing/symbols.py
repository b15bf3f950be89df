"""The symbolic side of a film: what has arrived at a node, as SymPy's expression in the inputs."""

from __future__ import annotations

from dataclasses import replace

from adviz.checking.closing.written import formula
from adviz.errors import AdvizError, GraphError
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.notation import Tree, op, row, tree
from adviz.modes.extent import extent
from adviz.modes.sympy_partials import Expression, local_on
from adviz.modes.trace import BACKWARD, Trace
from adviz.scene.contributions import ARRIVAL
from adviz.scene.frames import Frame
from adviz.scene.narration import accented, equal
from adviz.scene.quantities import sweeps
from adviz.scene.scene import Scene

_LARGEST = 150
"""The most operations of an expression that others are made of."""
_TOLD = frozenset({"tangent", "adjoint"})
"""The sweeps whose contributions are products with local partials."""


def in_symbols(scene: Scene) -> Scene:
    """Return a film in which every contribution also says what has arrived, in the inputs.

    Local partials are SymPy's derivatives of the operations, and SymPy puts their products and
    sums in order, so that a sweep ends with the formulas of the derivatives. What does not fit on
    a line is told by its operations, and what is much longer not at all. Raises AdvizError where
    a film has no sweep of first order.

    >>> import adviz
    >>> from adviz.language.notation import ascii_text
    >>> from adviz.scene.staging import stage
    >>> film = in_symbols(stage(adviz.reverse("x*y + x", at={"x": 3, "y": 2})))
    >>> ascii_text(film.frames[-1].formula[-1], film.text)
    'adjoint of y == x == 3'
    """
    if not any(phase.kind in _TOLD for phase in scene.phases):
        raise AdvizError("symbolic=True is for forward and reverse sweeps; this film has none")
    symbols = _Symbols(scene)
    return replace(scene, frames=tuple(map(symbols.told, scene.frames)))


class _Symbols:
    """What the nodes hold as expressions, frame by frame; None is what is too long for one."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.graph = scene, scene.graph
        self.values = _values(self.graph)
        self.held = [_seeds(self.graph, one.trace, one.kind) for one in sweeps(scene.traces)]

    def told(self, frame: Frame) -> Frame:
        """Return a frame that also says what its node holds by then; they come in order."""
        phase = self.scene.phases[frame.phase]
        if phase.kind not in _TOLD or frame.edge is None:
            return frame
        held, edge = self.held[phase.trace], self.scene.edges[frame.edge]
        source = edge.head if phase.kind in BACKWARD else edge.tail
        ((target, _, key),) = frame.sets
        held[target] = _sum(held.get(target, 0), self._product(held.get(source), edge))
        made = self._formula(held[target])
        if made is None:
            return frame
        total = tree("mark", phase.role, tree("slot", key))
        said = equal(accented(self.graph, phase.kind, target), made, total)
        return replace(frame, formula=row(*frame.formula[1:], op("⇒"), tree("mark", ARRIVAL, said)))

    def _product(self, travelling: Expression, edge: Edge) -> Expression:
        """Return what travels times SymPy's local partial; of a choice, its branch, that is 1."""
        operation = self.graph.rows[self.graph.ops[edge.head]]
        if operation.chooses:
            return travelling
        operands = [self.values[argument] for argument in self.graph.args[edge.head]]
        if travelling is None or None in operands:
            return None
        return _short(travelling * local_on(operation, edge.position, operands))

    def _formula(self, expression: Expression) -> Tree | None:
        """Return an expression in the inputs as a formula; of a number and of none, None."""
        from adviz.sources.sympy import from_sympy

        if expression is None or not expression.free_symbols:
            return None
        try:
            return formula(from_sympy(expression, self.graph.rows), "f")
        except GraphError:  # such as of SymPy's own nan
            return None


def _values(graph: Graph) -> list[Expression]:
    """Return every node as an expression in the inputs, as it is written."""
    import sympy

    from adviz.numbers.symbols import SYMBOLS

    system = SYMBOLS.over(graph.rows)
    names = {node: label for label, node in graph.inputs.items()}
    values: list[Expression] = []
    for node, operation in enumerate(graph.ops):
        operands = [values[argument] for argument in graph.args[node]]
        if node in names:
            values.append(sympy.Symbol(names[node]))
        elif node in graph.constants:
            values.append(system.constant(graph.constants[node]))
        else:
            values.append(
                None if None in operands else _short(system.function(operation)(*operands))
            )
    return values


def _seeds(graph: Graph, trace: Trace, kind: str) -> dict[int, Expression]:
    """Return what a sweep starts with."""
    from adviz.numbers.symbols import SYMBOLS

    constant = SYMBOLS.over(graph.rows).constant
    return {s.node: constant(s.number) for s in trace.steps if s.kind == kind and s.edge is None}


def _sum(before: Expression, product: Expression) -> Expression:
    return None if before is None or product is None else _short(before + product)


def _short(expression: Expression) -> Expression:
    """Return an expression that has few enough operations to go on with; None of another."""
    return expression if extent([], expression).operations <= _LARGEST else None
