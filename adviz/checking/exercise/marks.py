"""The marks of a sheet: a line for every blank, in words, and the misconceptions by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adviz.checking.exercise.blanks import Blank, name_of, symbol_of
from adviz.checking.exercise.marking import Mark, Verdict
from adviz.graph.graph import Graph
from adviz.language.ascii import in_ascii
from adviz.language.data import records_as_csv
from adviz.language.forms import TABLE, Forms, sealed
from adviz.language.grid import Grid
from adviz.language.notation import unicode_text
from adviz.language.numerals import short
from adviz.language.spelling import shortened

_SIGNS: Mapping[Verdict, str] = {
    "right": "✓", "follows": "→", "wrong": "✗", "empty": "–", "unreadable": "?",
}  # fmt: skip
_SAID: Mapping[Verdict, str] = {
    "right": "",
    "follows": "is",
    "wrong": "is wrong:",
    "empty": "is empty:",
    "unreadable": "is no number that can be read:",
}
"""What a line says of an answer before it says why."""
_COUNTED: Mapping[Verdict, str] = {
    "wrong": "{} wrong",
    "follows": "{} right from wrong numbers",
    "empty": "{} empty",
    "unreadable": "{} not read",
}
_LONGEST = 40
"""Of an answer that is repeated, in characters."""
_TOLD = 3
"""The most explanations of one number that are told."""


@dataclass(frozen=True)
class Marks:
    """What is said of a filled-in sheet, blank by blank.

    >>> import adviz
    >>> sheet = adviz.exercise(adviz.reverse("sin(x)", at={"x": 0.5}), blank="partials")
    >>> print(sheet.mark({"dv1/dx": 0.479}))
    0 of 1 right: 1 wrong
    ✗ ∂v₁/∂x = 0.479 is wrong: it is 0.877583. This is what comes out if a function stands where its
    derivative should stand.
    """

    graph: Graph
    marks: tuple[Mark, ...]

    def __repr__(self) -> str:
        return f"<Marks: {self.headline}>"

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many blanks have each verdict."""
        return Counter(mark.verdict for mark in self.marks)

    @property
    def all_right(self) -> bool:
        """Whether every blank is filled in as it should be."""
        return self.counts.get("right", 0) == len(self.marks)

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """What explains the wrong numbers, by name, what explains the first of them first."""
        names = (reason.name for mark in self.marks for reason in mark.reasons)
        return tuple(dict.fromkeys(names))

    @property
    def headline(self) -> str:
        """How many are right, and what the others are."""
        counts = self.counts
        rest = [words.format(counts[one]) for one, words in _COUNTED.items() if counts.get(one)]
        told = f"{counts.get('right', 0)} of {len(self.marks)} right"
        return f"{told}: {', '.join(rest)}" if rest else told

    @property
    def _heads(self) -> tuple[str, ...]:
        return ("blank", "answer", "verdict", "why")

    def _rows(self) -> list[list[str]]:
        return [
            [self._symbol(mark.blank), _shown(mark), mark.verdict, self._why(mark)]
            for mark in self.marks
        ]

    def _symbol(self, blank: Blank) -> str:
        return unicode_text(symbol_of(self.graph, blank))

    def _why(self, mark: Mark) -> str:
        return _SENTENCES[mark.verdict](self, mark)

    def __str__(self) -> str:
        """Return the marks as text: how many are right, and a line for each."""
        return "\n".join([self.headline, *map(self._line, self.marks)])

    def _line(self, mark: Mark) -> str:
        symbol = self._symbol(mark.blank)
        written = f"{symbol} = {_shown(mark)}" if mark.answer else symbol
        parts = [_SIGNS[mark.verdict], written, _SAID[mark.verdict], self._why(mark)]
        return " ".join(part for part in parts if part)

    def ascii(self) -> str:
        """Return the same in ASCII characters."""
        return "\n".join(map(in_ascii, str(self).splitlines()))

    def __rich__(self) -> Any:
        """Return the marks for rich, in which nothing is markup."""
        from rich.text import Text

        return Text(str(self))

    def _grid(self) -> Grid:
        return Grid(self._heads, self._rows(), len(self._heads))

    def markdown(self) -> str:
        """Return the marks as a Markdown table."""
        return self._grid().markdown()

    def latex(self) -> str:
        """Return the marks as a LaTeX tabular, which needs booktabs and amsmath."""
        return self._grid().in_mathematics().latex()

    def html(self) -> str:
        """Return the marks as an HTML table."""
        return self._grid().in_markup().html("marks", self.headline)

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": self._repr_html_(), "text/plain": str(self)}

    def as_rows(self) -> list[dict[str, Any]]:
        """Return plain data, one dictionary a blank."""
        return [
            {
                "blank": name_of(self.graph, mark.blank),
                "answer": mark.answer,
                "right": mark.number,
                "verdict": mark.verdict,
                "why": self._why(mark),
                "misconceptions": [reason.name for reason in mark.reasons],
            }
            for mark in self.marks
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the marks as plain data."""
        return {
            "right": self.counts.get("right", 0),
            "of": len(self.marks),
            "marks": self.as_rows(),
        }

    def to_csv(self) -> str:
        """Return the marks as CSV, a row a blank."""
        return records_as_csv(self.as_rows())

    def save(self, path: str | Path) -> None:
        """Write the marks as `.csv`, `.html`, `.json`, `.md`, `.tex` or `.txt`.

        Raises FormatError for another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)

    def _list(self, blanks: Sequence[Blank]) -> str:
        return " and ".join(f"your {self._symbol(blank)}" for blank in blanks)


FORMS = Forms("marks", sealed(TABLE))
"""How marks are written, by suffix."""


def _shown(mark: Mark) -> str:
    """Return an answer, of a long one the beginning."""
    return shortened(mark.answer, _LONGEST)


def _wrong(marks: Marks, mark: Mark) -> str:
    """Return what should stand there, and what was probably done instead."""
    number, own = short(mark.number), short(mark.own)
    should = (
        f"it is {number}" if own == number else f"your own numbers give {own}, right is {number}"
    )
    clauses = list(dict.fromkeys(reason.says for reason in mark.reasons))
    if clauses:
        told = ", or ".join(clauses[:_TOLD])
        more = ", or for another reason" if len(clauses) > _TOLD else ""
        return f"{should}. This is what comes out if {told}{more}."
    return f"{should}{f'; {mark.slip}' if mark.slip else ''}."


def _follows(marks: Marks, mark: Mark) -> str:
    """Return from which wrong numbers an answer follows."""
    return f"right with {marks._list(mark.sources)}, and not counted again: {_is(mark)}"


def _is(mark: Mark) -> str:
    return f"it is {short(mark.number)}."


_SENTENCES: Mapping[Verdict, Callable[[Marks, Mark], str]] = {
    "right": lambda marks, mark: "",
    "follows": _follows,
    "wrong": _wrong,
    "empty": lambda marks, mark: _is(mark),
    "unreadable": lambda marks, mark: _is(mark),
}
"""Why an answer has its verdict."""
