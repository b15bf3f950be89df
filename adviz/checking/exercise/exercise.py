"""A formula as an exercise: a sheet with blanks to be filled in by hand, its key, and its marks.

The tables are those of Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), tables 1.2 and
1.3, which are worked out by hand there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from adviz.checking.exercise import written
from adviz.checking.exercise.blanks import KINDS, Blank, blanks_of, kinds_of
from adviz.checking.exercise.filling import filled_in
from adviz.checking.exercise.listing import Section, sections
from adviz.checking.exercise.marking import Known, marked, mistakes
from adviz.checking.exercise.marks import Marks
from adviz.checking.exercise.picture import with_blanks
from adviz.errors import AdvizError, TooLarge
from adviz.language.asked import shown
from adviz.language.forms import TABLE, Forms
from adviz.language.numerals import short
from adviz.modes.building import of_numbers
from adviz.modes.trace import Trace
from adviz.scene.scene import Scene

_MODES = ("evaluate", "forward", "reverse")
_LARGEST = 200
"""The most nodes of a graph that is worked out by hand."""


@dataclass(frozen=True)
class Exercise:
    """A sheet: one sweep of a formula, some of whose numbers are asked for.

    It shows itself in a notebook, and writes itself for paper and for the screen.

    >>> import adviz
    >>> sheet = adviz.exercise(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> print(sheet.key().markdown().rpartition("adjoint")[2])
     |
    |:-----|:--------|------:|--------:|
    | x    | input   |     3 |       6 |
    | y    | input   |     2 |      −4 |
    | v₁   | x + y   |     5 |       1 |
    | v₂   | x − y   |     1 |       5 |
    | v₃   | v₁ × v₂ |     5 |       1 |
    """

    trace: Trace
    blanks: tuple[Blank, ...]
    """What is asked for, in the order in which it can be worked out."""
    entries: Mapping[Blank, str] = field(default_factory=dict)
    """What is written into the blanks: nothing, or all of it in the key."""
    is_key: bool = False
    """Whether it is the answer key, which says so and has no place for a name."""

    def __repr__(self) -> str:
        return f"<Exercise of {len(self.blanks)} blanks, {len(self.entries)} filled in>"

    @cached_property
    def sections(self) -> list[Section]:
        """The tables of the sheet."""
        return sections(self.trace, self.blanks)

    @cached_property
    def scene(self) -> Scene:
        """The graph, as the sheet has it."""
        return with_blanks(self.trace, self.blanks, self.entries)

    @cached_property
    def _mistakes(self) -> list[Known]:
        """What may have gone wrong: the same for everybody who hands the sheet in."""
        return mistakes(self.trace)

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave out what is only remembered."""
        return Exercise, (self.trace, self.blanks, dict(self.entries), self.is_key)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which kinds of numbers are asked for: `partials`, `adjoints`."""
        return tuple(dict.fromkeys(blank.kind for blank in self.blanks))

    def key(self) -> Exercise:
        """Return the answer key: the same sheet, filled in as it should be."""
        numbers = ((b, KINDS[b.kind].number(self.trace, b.place)) for b in self.blanks)
        return replace(
            self, entries={blank: short(number) for blank, number in numbers}, is_key=True
        )

    def filled(self, answers: Mapping[str, Any] | str | Path) -> Exercise:
        """Return the sheet with answers in it, which are given as `mark` takes them."""
        found = filled_in(self.trace, self.sections, self.blanks, answers)
        found = {blank: text for blank, text in found.items() if text}
        return replace(self, entries=found, is_key=False)

    def mark(self, filled: Mapping[str, Any] | str | Path) -> Marks:
        """Return what is right, what is wrong and why, of answers by name or in a file.

        A file is the sheet's Markdown, CSV or JSON, filled in, or what its page copies and
        downloads. A blank is named as these name it, `adjoint of v1`, or `v1_bar`, `df/dv1`,
        `v̄₁`. An answer is a number, or a text such as `0.67`, `2/3` or `sin(2)`; a decimal of at
        least three digits, or two behind the point, is right if it is the number rounded.

        What is right from numbers that are wrong follows from them, and is no second error. A
        wrong number is explained by the mistakes that give it, those of the gallery of broken AD
        among them. Raises AdvizError for a name that no blank has, FormatError for a file that
        cannot be read.

        >>> import adviz
        >>> sheet = adviz.exercise(adviz.reverse("sin(x)*y", at={"x": 0, "y": 2}), blank="adjoints")
        >>> print(sheet.mark({"v1_bar": 4, "df/dx": 4, "df/dy": 0}))
        1 of 3 right: 1 wrong, 1 right from wrong numbers
        ✓ ȳ = 0
        ✗ v̄₁ = 4 is wrong: it is 2. This is what comes out if the rule ∂mul/∂x has a factor of 2.
        → x̄ = 4 is right with your v̄₁, and not counted again: it is 2.
        """
        found = filled_in(self.trace, self.sections, self.blanks, filled)
        return Marks(
            self.trace.graph, tuple(marked(self.trace, self.blanks, found, self._mistakes))
        )

    def __str__(self) -> str:
        """Return the sheet as plain text."""
        return written.text(self)

    def ascii(self) -> str:
        """Return the sheet as plain text in ASCII characters."""
        return written.ascii_text(self)

    def markdown(self) -> str:
        """Return the sheet as Markdown, the graph as Mermaid's text."""
        return written.markdown(self)

    def latex(self) -> str:
        """Return the sheet as a LaTeX document; it needs amsmath, booktabs, longtable and TikZ."""
        return written.latex(self)

    def html(self) -> str:
        """Return the sheet as a piece of a page, with a field for every blank."""
        from adviz.checking.exercise.page import fragment

        return fragment(self)

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": self._repr_html_(), "text/plain": str(self)}

    def to_json(self) -> dict[str, Any]:
        """Return the sheet as plain data, from which it can be made again."""
        return written.document(self)

    def to_csv(self) -> str:
        """Return the blanks as CSV: what each is called, how it is written, and its answer."""
        return written.csv(self)

    def save(self, path: str | Path) -> None:
        """Write the sheet as `.csv`, `.html`, `.json`, `.md`, `.pdf`, `.tex` or `.txt`.

        Raises FormatError for another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)


def _page(exercise: Exercise) -> str:
    from adviz.checking.exercise.page import page

    return page(exercise)


def _paper(exercise: Exercise) -> bytes:
    from adviz.checking.exercise.paper import paper

    return paper(exercise)


FORMS = Forms("an exercise", {**TABLE, ".html": _page, ".pdf": _paper})
"""How a sheet is written, by suffix."""


def exercise(trace: Trace, blank: str | Iterable[str] | None = None) -> Exercise:
    """Return a sweep as an exercise: the graph, the trace and the local partials, with blanks.

    `blank` says what is asked for: `values`, `partials`, `tangents`, `adjoints`, or several of
    them; the local partials and the derivatives unless given, of an evaluation the values. What a
    sweep starts from is given.

    Raises AdvizError for a sweep that is not of one of these modes, or of many points, or for
    numbers that it does not find; TooLarge for what nobody would work out by hand.

    >>> import adviz
    >>> sheet = adviz.exercise(adviz.reverse("x*y", at={"x": 3, "y": 2}))
    >>> [mark.verdict for mark in sheet.mark({"dv1/dx": 2, "dv1/dy": 2, "x_bar": 2}).marks]
    ['right', 'wrong', 'empty', 'right']
    """
    if not isinstance(trace, Trace):
        raise AdvizError(
            f"an exercise is of a sweep, such as adviz.reverse gives, not of {shown(trace)}"
        )
    if trace.mode not in _MODES:
        raise AdvizError(f"a sheet has one sweep, {', '.join(_MODES)}; this one is {trace.mode}")
    of_numbers(trace.graph)
    if trace.numbers.many:
        raise AdvizError("a sheet is worked out at one point; give single numbers")
    if len(trace.graph) > _LARGEST:
        raise TooLarge(
            f"a graph of {len(trace.graph)} nodes; by hand at most {_LARGEST} are worked out"
        )
    blanks = blanks_of(trace, blank)
    if not blanks:
        found = ", ".join(kinds_of(trace)) or "no numbers"
        raise AdvizError(f"there is nothing to fill in: this sweep ({trace.mode}) finds {found}")
    return Exercise(trace, blanks)
