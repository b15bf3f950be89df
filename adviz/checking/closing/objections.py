"""What a closing card objects to, said as a film says it: in symbols."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from adviz.checking.finding import Finding
from adviz.graph.graph import Graph
from adviz.graph.paths import leading
from adviz.language.notation import Tree, name, number, row
from adviz.language.numerals import short
from adviz.language.spelling import shortened
from adviz.scene.narration import Sentence, equal, listed, strong, text, written_out

if TYPE_CHECKING:
    from adviz.checking.report import Report

_REASON = 220
"""The longest reason that is told."""
_LARGEST = 12
"""The most nodes of a formula within a sentence."""
_INPUTS = 3
"""The most inputs whose numbers are told."""


def objection(report: Report, modes: Collection[str]) -> Sentence:
    """Return what is wrong with a derivative; of a kink, what a film's own modes take there.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> report = adviz.check("abs(x - 1)*y", at={"x": 1, "y": 3})
    >>> "".join(map(unicode_text, objection(report, ["reverse"])))
    '∂f/∂x does not exist at x = 1: v₂ = |x − 1| has a kink there; reverse mode takes 0'
    """
    kinks = [
        (one, one.place.node)
        for one in sorted(report.findings, key=lambda one: one.subject not in modes)
        if one.verdict == "not differentiable" and one.place
    ]
    if report.verdict == "not differentiable" and kinks:
        return _at_a_kink(report.graph, *kinks[0])
    reason = report.headline.removeprefix(f"{report.verdict}: ")
    first = report.verdict[0].upper() + report.verdict[1:]
    return strong(text(first)), text(f": {shortened(reason, _REASON)}")


def _at_a_kink(graph: Graph, finding: Finding, node: int) -> Sentence:
    key = finding.key
    kink = written_out(graph, node, _LARGEST) or graph.expression(node)
    slope = row(text("∂"), name(key.output), text("/∂"), name(key.input))
    return (
        strong(slope),
        text(" does not exist at "),
        _point(graph, finding, node),
        text(": "),
        equal(graph.leaf(node), kink),
        text(f" has a kink there; {finding.subject} mode takes "),
        number(short(finding.found)),
    )


def _point(graph: Graph, finding: Finding, node: int) -> Tree:
    """Return the inputs of a node and their numbers, the first few."""
    known = {*leading(graph, node)}
    names = [label for label, place in graph.inputs.items() if place in known]
    parts = [equal(name(one), number(short(finding.point[one]))) for one in names[:_INPUTS]]
    return listed(parts, more=len(names) > _INPUTS)
