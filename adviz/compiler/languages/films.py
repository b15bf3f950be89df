"""The numbers of a film as a printed program computes them, by quantity and node of the graph."""

from __future__ import annotations

from itertools import islice

from adviz.compiler.kinds import KINDS
from adviz.compiler.languages.lowering import Lowered
from adviz.compiler.program.data import Program
from adviz.compiler.program.drafting import SPECIAL
from adviz.graph.procedure import CONST, INPUT

Label = tuple[str, ...]


class Film:
    """What a lowered program of all numbers of a film says about every node of the graph.

    The texts are expressions of JavaScript; null is what a sweep does not compute.
    """

    def __init__(self, program: Program, code: Lowered) -> None:
        self.program = program
        self.texts: dict[Label, str] = {}
        self.conditions: dict[int, str] = {}
        self.nodes: list[int] = []
        pairs = zip(program.results.items(), code.results, strict=True)
        for (label, node), text in islice(pairs, program.values, None):
            key = tuple(label.rstrip("'").split(" "))  # a quote keeps an author's label apart
            self.texts[key] = text
            if key[0] == "value":
                self.nodes.append(node)
                self.conditions[node] = text

    def lists(self) -> dict[str, list[str]]:
        """Return what is told of all nodes in order, by its name."""
        swept = ("tangent", "adjoint") if KINDS[self.program.kind].seeded else ()
        derivatives = {f"{quantity}s": self.derivatives(quantity) for quantity in swept}
        return {"values": self.values(), "partials": self.partials(), **derivatives}

    def judgements(self) -> dict[str, list[str]]:
        """Return what is told of some nodes, each under its number, by its name."""
        if KINDS[self.program.kind].seeded:
            return {}
        return {
            name: [f"{key[1]}: {text}" for key, text in self.texts.items() if key[0] == name]
            for name in SPECIAL
        }

    def values(self) -> list[str]:
        """Return the value of every node, null where it is not evaluated."""
        return [self._gated(node, self.texts["value", str(node)]) for node in self._all()]

    def partials(self) -> list[str]:
        """Return the local partials of every node by argument position."""
        return [f"[{', '.join(self._partials(node))}]" for node in self._all()]

    def derivatives(self, quantity: str) -> list[str]:
        """Return the tangents or the adjoints: 0 where nothing arrives.

        There is no adjoint of what no wanted input reaches, which is what has no tangent.
        """
        return [self._gated(node, self._derivative(quantity, node)) for node in self._all()]

    def _derivative(self, quantity: str, node: int) -> str:
        reached = quantity == "tangent" or ("tangent", str(node)) in self.texts
        return self.texts.get((quantity, str(node)), "0" if reached else "null")

    def _all(self) -> range:
        return range(len(self.nodes))

    def _partials(self, node: int) -> list[str]:
        made = self.nodes[node]
        row, args = self.program.row(made), self.program.args[made]
        found = []
        for position, _ in enumerate(args):
            text = self.texts.get(("partial", str(node), str(position)), "null")
            truth = row.needed_where(position) if row is not None else None
            taken = "" if truth is None else self.conditions[args[0]]
            found.append(self._gated(node, text, f"!{taken}" if truth is False else taken))
        return found

    def _gated(self, node: int, text: str, branch: str = "") -> str:
        """Return a text that is null where a node is not evaluated or a branch is not taken."""
        leaf = self.program.ops[self.nodes[node]] in (INPUT, CONST)  # known without being evaluated
        taken = "" if leaf else self.texts.get(("taken", str(node)), "")
        gates = " && ".join(gate for gate in (taken, branch) if gate)
        return f"{gates} ? {text} : null" if gates and text != "null" else text
