"""A graph from the text of a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adviz.errors import FormulaError, GraphError, Lines, Span
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.language.grammar import parse
from adviz.numbers.rules import row_for
from adviz.primitives import Table, spellings

_TEMPORARY = re.compile(r"_\d+")
"""A name that writing a graph as text makes up; it is not an author's name."""


def from_text(text: str, rows: Table, *, share: bool = True) -> Graph:
    """Return the graph of a formula in the text language.

    Raises FormulaError, which shows the text with a caret below what is wrong.
    """
    builder = Builder(rows, share=share)
    return builder.finish(read(text, builder))


def read(text: str, builder: Builder) -> dict[str, int]:
    """Add a formula to a graph under construction and return its outputs by label."""
    reader = _Reader(text, builder)
    outputs = parse(text, reader)
    reader.complain_of_unused([node for _, node in outputs])
    labelled: dict[str, int] = {}
    for position, (label, node) in enumerate(outputs, 1):
        default = reader.label if len(outputs) == 1 else f"{reader.label}{position}"
        if builder.is_condition(node):
            raise FormulaError(
                "a condition is not a number", text, (0, len(text)), "write where(condition, 1, 0)"
            )
        labelled[label or default] = node
    if len(labelled) < len(outputs):
        raise FormulaError("two outputs have the same label", text, (0, len(text)))
    return labelled


class _Reader:
    """A parser's sink that adds nodes to a builder."""

    def __init__(self, text: str, builder: Builder) -> None:
        self.text, self.builder = text, builder
        self.place = Lines(text).place
        self.rows = spellings(builder.rows.values())
        self.label = "f"
        self.fixed: tuple[str, ...] | None = None
        self.assigned: dict[str, int] = {}
        self.spans: dict[str, Span] = {}
        self.used: set[int] = set()
        self.literals: dict[int, int] = {}

    def number(self, value: int | float, span: Span) -> int:
        node = self.builder.constant(value)
        self.literals[node] = span[1]
        return node

    def name(self, name: str, span: Span) -> int:
        node = self.assigned.get(name)
        if node is not None:
            self.used.add(node)
            return node
        if name == "pi":
            return self.call("pi", (), span)
        if self.fixed is not None and name not in self.fixed:
            message = f"{name} is neither an input in the header nor assigned before"
            raise FormulaError(message, self.text, span)
        known = name in self.builder.inputs
        node = self.builder.input(name)
        if not known:
            self.builder.sources[node] = self.place(span)
        return node

    def call(self, function: str, arguments: Sequence[int], span: Span) -> int:
        if function == "neg" and self._is_literal(arguments[0], span):
            return self._negative(arguments[0], span)
        row = row_for(self.rows, function, len(arguments), self.text, span)
        before = len(self.builder.ops)
        try:
            if row.fold and len(arguments) > 2:
                node = self.builder.fold(row.name, tuple(arguments))
            else:
                node = self.builder.node(row.name, tuple(arguments))
        except GraphError as error:
            raise FormulaError(str(error), self.text, span) from None
        if node >= before:
            self.builder.sources[node] = self.place(span)
        return node

    def header(self, name: str, parameters: Sequence[str], span: Span) -> None:
        if len(set(parameters)) < len(parameters):
            raise FormulaError("an input is named twice in the header", self.text, span)
        if "pi" in parameters:
            raise FormulaError("pi is a constant, not an input", self.text, span)
        self.label, self.fixed = name, tuple(parameters)
        for parameter in parameters:
            self.builder.input(parameter)

    def assign(self, name: str, value: int, span: Span) -> None:
        if name == "pi":
            raise FormulaError("pi is a constant and cannot be assigned", self.text, span)
        if name in self.assigned:
            message = f"{name} is assigned twice"
            raise FormulaError(message, self.text, span, "give the second one another name")
        if name in self.builder.inputs:
            message = f"{name} is already an input"
            raise FormulaError(message, self.text, span, "assign it before it is used")
        self.assigned[name] = value
        self.spans[name] = span
        if not _TEMPORARY.fullmatch(name):
            self.builder.names[name] = value

    def require(self, condition: int, span: Span) -> None:
        try:
            self.builder.require(condition, f"{self.text[slice(*span)]} must hold")
        except GraphError as error:
            raise FormulaError(str(error), self.text, span) from None

    def complain_of_unused(self, outputs: Sequence[int]) -> None:
        """Refuse an assignment that nothing uses; another name of a node that is used is fine."""
        used = {*outputs, *self.used, *self.builder.inputs.values()}
        for name, span in self.spans.items():
            if self.assigned[name] not in used:
                cure = "use it in a later statement, or remove it"
                raise FormulaError(f"nothing uses {name}", self.text, span, cure)

    def _is_literal(self, node: int, span: Span) -> bool:
        """Return whether a minus sign stands right before a number: then it is the number's."""
        return self.literals.get(node) == span[1] and node in self.builder.constants

    def _negative(self, node: int, span: Span) -> int:
        value = self.builder.constants[node]
        negative = self.builder.constant(-value)
        self.literals[negative] = -1
        return negative
