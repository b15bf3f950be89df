"""A fuzzer: cases drawn from a strategy, a law that each of them must keep, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import hypothesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from limiting import at_most


@dataclass(frozen=True)
class Fuzzer:
    """What is thrown at adviz, and what must hold of it whatever is thrown."""

    name: str
    what: str
    """What is thrown and what must hold, as a sentence for the page."""
    cases: SearchStrategy[Any]
    law: Callable[[Any], str]
    """Says of what kind a case was; raises where something is not as it must be."""
    examples: int
    """How many cases the tests try."""
    seconds: float = 20.0
    """Processor time that one case may take."""
    shown: Callable[[Any], str] = repr
    """A case as a text from which it can be made again."""

    def tried(self, case: Any) -> str:
        """Return of what kind a case is; what breaks the law says by which case."""
        try:
            with at_most(self.seconds):
                return self.law(case)
        except hypothesis.errors.UnsatisfiedAssumption:
            raise
        except Exception as error:
            error.add_note(f"case: {self.shown(case)}")
            raise


@dataclass
class Tally:
    """What came of many cases."""

    kinds: Counter[str] = field(default_factory=Counter)
    """How many cases there were of each kind."""
    found: list[str] = field(default_factory=list)
    """The smallest case of everything that broke the law, and how."""

    @property
    def cases(self) -> int:
        """How many cases kept the law."""
        return self.kinds.total()


def hunt(fuzzer: Fuzzer, examples: int, seed: int | None = None) -> Tally:
    """Try so many cases; without a seed, always the same ones."""
    tally = Tally()

    def law(case: Any) -> None:
        tally.kinds[fuzzer.tried(case)] += 1

    try:
        hypothesis_test(fuzzer, law, examples, seed)()
    except Exception as error:
        tally.found += [told(one) for one in getattr(error, "exceptions", (error,))]
    return tally


def hypothesis_test(
    fuzzer: Fuzzer, law: Callable[[Any], None], examples: int, seed: int | None = None
) -> Any:
    """Return the law as a test of Hypothesis, which also serves other fuzzers as a target."""
    chosen = settings(
        max_examples=examples,
        derandomize=seed is None,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    test = chosen(given(fuzzer.cases)(law))
    return test if seed is None else hypothesis.seed(seed)(test)


def told(error: BaseException) -> str:
    """Return what broke, where, and by which case."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "nowhere"
    notes = [note for note in getattr(error, "__notes__", ()) if note.startswith("case: ")]
    return "\n".join([f"{type(error).__name__}: {error}"[:2000], f"at {where}", *notes[-1:]])
