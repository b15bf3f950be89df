"""A step of a film as a slide: its picture, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from adviz.render.film.captions import said
from adviz.render.film.compose import Composer, Framed
from adviz.render.film.play import stills
from adviz.render.shapes import Picture


@dataclass(frozen=True)
class Slide:
    """One step: everything of it has arrived."""

    framed: Framed
    narration: str
    formula: str

    @cached_property
    def picture(self) -> Picture:
        """All that is seen."""
        return self.framed.at()

    @property
    def notes(self) -> str:
        """What is said, on lines of its own."""
        return "\n".join(filter(None, (self.narration, self.formula)))


def slides(made: Composer) -> list[Slide]:
    r"""Return a film as slides, one a step.

    >>> import adviz
    >>> from adviz.render.film.asked import asked
    >>> from adviz.render.film.compose import composer
    >>> film = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}))
    >>> slides(composer(film.scene, asked()))[1].notes
    'Evaluate v₁ = x × y\nv₁ = x × y = 3 × 2 = 6'
    """
    return [_slide(made, moment.framed) for moment in stills(made)]


def _slide(made: Composer, framed: Framed) -> Slide:
    return Slide(framed, *said(made.scene, framed.shot.state))
