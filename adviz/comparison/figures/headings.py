"""Titles and labels of a chart as they are set: words, and what a question asks in symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from adviz.checking.witnesses.question import Question
from adviz.comparison.figures.doubles import written
from adviz.language.notation import Tree, name, no_slots, number, tree
from adviz.language.numerals import in_text
from adviz.scene.lines import Line, Run, cut, joined
from adviz.scene.narration import equal, listed, written_out
from adviz.scene.typesetting import set_on_line

_MOST, _WIDE = 40, 18.0
"""The most nodes of a formula in a title, and how wide it may be, in its own letters."""

Part = str | Callable[[Question], Line]
"""Words, or what is said of a question."""


def heading(question: Question, *parts: Part) -> Line:
    """Return words and what is said of a question as one line.

    >>> from adviz.comparison.figures.doubles import asked
    >>> from adviz.scene.lines import words
    >>> question = asked("x*y", {"x": 2, "y": 3}, wrt="y")
    >>> words(heading(question, "Error of ", slope, " for ", formula, " at ", point))
    'Error of ∂f/∂y for x · y at x = 2, y = 3'
    """
    return joined(run for part in parts for run in _said(part, question))


def _said(part: Part, question: Question) -> Iterator[Run]:
    yield from (Run(part),) if isinstance(part, str) else part(question)


def slope(question: Question) -> Line:
    """Return the derivative that is asked for."""
    return _set(tree("partial", name(question.key.output), name(question.key.input)))


def variable(question: Question) -> Line:
    """Return the input by which is differentiated."""
    return _set(name(question.key.input))


def formula(question: Question) -> Line:
    """Return the output's formula, cut off where it is long."""
    made = written_out(question.graph, question.graph.outputs[question.key.output], _MOST)
    return (Run(written(question)),) if made is None else cut(_set(made), _WIDE, 1.0)


def point(question: Question) -> Line:
    """Return the inputs and their numbers."""
    pairs = ((name(one), number(in_text(value))) for one, value in question.point.items())
    return _set(listed([equal(*pair) for pair in pairs]))


def _set(part: Tree) -> Line:
    return set_on_line(part, no_slots, "roman")
