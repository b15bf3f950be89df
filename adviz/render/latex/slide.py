"""A slide of beamer: how its height is shared by a title, a picture, and what is said below it.

Heights are estimated here, so that a picture is set in letters that the room has. What TeX finds
higher than its share, in a theme or in letters of an author's, it makes smaller until it fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from types import MappingProxyType
from typing import Literal, NamedTuple

from adviz.errors import FormatError
from adviz.language.asked import among, shown
from adviz.render.figure.lengths import UNITS

Aspect = Literal["16:9", "4:3"]


class Slide(NamedTuple):
    """What beamer calls a shape of slides, how wide a picture may be, and how high all is."""

    option: str
    width: float
    height: float


SLIDES: Mapping[Aspect, Slide] = MappingProxyType(
    {
        "16:9": Slide("aspectratio=169", 15.0 * UNITS["cm"], 252.0),
        "4:3": Slide("aspectratio=43", 11.8 * UNITS["cm"], 269.0),
    }
)


class Passage(NamedTuple):
    """A line before it is broken, as LaTeX, and how many letters it has."""

    text: str
    letters: int

    def height(self, size: float, width: float) -> float:
        """Return how high it is in letters of a size.

        >>> Passage("$x$", 1).height(10, 400), Passage("$x$", 100).height(10, 400)
        (13.5, 27.0)
        """
        lines = ceil(self.letters * _LETTER * size / width)
        return lines * size * max(high for sign, high in _HIGH.items() if sign in self.text)


_LETTER = 0.52
"""The width of a letter, in its size."""
_HIGH: Mapping[str, float] = MappingProxyType(
    {"": 1.35, r"\frac": 1.8, r"\displaystyle \frac": 2.7, "bmatrix": 3.4}
)
"""How high a line is in the size of its letters, by what stands in it."""
_TITLES = {r"\Large": 14.4, r"\large": 12.0, r"\normalsize": 11.0, r"\small": 10.0,
           r"\footnotesize": 9.0, r"\scriptsize": 8.0, r"\tiny": 6.0}  # fmt: skip
"""The sizes of a title in points, by their commands."""
_TITLE_HIGH = 1.6 * UNITS["cm"]
_BELOW = (1.2 * UNITS["cm"], 2.4 * UNITS["cm"])
"""How high a title, and what is said below a picture, may be."""
_SMALL, _FREE = 10.0, 22.0
"""The size of what is said; what is free around the title and the picture."""

FITTED = r"""\providecommand\advizfit[3]{{% #3 in letters of size #2, or smaller: no higher than #1
  \def\advizset##1{\setbox0\vbox{\hsize\dimexpr\linewidth-\leftskip-\rightskip\relax
    \advance\leftskip-\dimexpr\leftskip\relax\advance\rightskip-\dimexpr\rightskip\relax
    ##1#3\par}\dimen0=\dimexpr\ht0+\dp0\relax}\advizset{#2}%
  \ifdim\dimen0>#1\relax\advizset\footnotesize\fi\ifdim\dimen0>#1\relax\advizset\scriptsize\fi
  \ifdim\dimen0>#1\relax\advizset\tiny\fi
  \ifdim\dimen0>#1\relax\setbox0\hbox{\resizebox{!}{#1}{\box0}}\fi\box0 }}
\providecommand\advizplaced[1]{% box 0 in the room between the title and what is #1 high below
  \setbox2\vbox{\vbox{}\parskip0pt\usebeamertemplate***{frametitle}\vskip0.25em}%
  \dimen2=\dimexpr\textheight-\ht2-\dp2-#1-10pt\relax\ifdim\dimen2<1cm\dimen2=1cm\fi
  \ifdim\wd0>0.96\paperwidth\setbox0\hbox{\resizebox{0.96\paperwidth}{!}{\box0}}\fi
  \ifdim\ht0>\dimen2\setbox0\hbox{\resizebox{!}{\dimen2}{\box0}}\fi
  \makebox[\linewidth][c]{\box0}}"""
"""What makes smaller whatever is higher than its share, or wider than the slide."""


def slide_of(aspect: Aspect) -> Slide:
    """Return the slide of an aspect. Raises FormatError for one that there is not."""
    if not among(aspect, SLIDES):
        raise FormatError(f"there is no aspect {shown(aspect)}; aspects are {', '.join(SLIDES)}")
    return SLIDES[aspect]


class Shares(NamedTuple):
    """How high each part of a slide is, in points."""

    title: float
    title_size: str
    picture: float
    below: float


def shares(slide: Slide, title: Sequence[Passage], said: Iterable[Sequence[Passage]]) -> Shares:
    r"""Return how the height of a slide is shared, given the lines of its title, and of each step.

    >>> made = shares(SLIDES["16:9"], [Passage("$x$", 40)], [[Passage("x", 40)]])
    >>> made.title_size, round(made.picture)
    ('\\Large', 177)
    """
    command = _title_size(title, slide.width)
    high = min(_TITLE_HIGH, _height(title, _TITLES[command], slide.width))
    least, most = _BELOW
    wanted = (_height(lines, _SMALL, slide.width) + _SMALL / 2 for lines in said)
    below = min(most, max([least, *wanted]))
    return Shares(high, command, slide.height - high - below - _FREE, below)


def _height(lines: Iterable[Passage], size: float, width: float) -> float:
    return sum(line.height(size, width) for line in lines)


def _title_size(lines: Sequence[Passage], width: float) -> str:
    r"""Return the command of the largest letters in which lines have room in a title.

    >>> _title_size([Passage("", 27)], 425), _title_size([Passage("", 500)], 425)
    ('\\Large', '\\tiny')
    """
    for command, size in _TITLES.items():
        if _height(lines, size, width) <= _TITLE_HIGH:
            return command
    return [*_TITLES][-1]
