"""Who works on many points, formulas or checks, on how much of them at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from adviz.calculus.parallel.workers import Work, Workers, spread
from adviz.errors import AdvizError


class Crew:
    """Who works, on how much at a time."""

    def __init__(self, workers: Workers | None, size: int | None, in_flight: int) -> None:
        for name, number in (("chunk", size), ("in_flight", in_flight)):
            whole = isinstance(number, int) and not isinstance(number, bool)
            if number is not None and (not whole or number < 1):
                raise AdvizError(f"{name} = {number!r} must be a whole number from 1 on")
        self.workers, self.size, self.in_flight = workers, size, in_flight

    def refuse(self, what: str) -> None:
        """Refuse an executor for what Dask computes."""
        if self.workers is not None:
            raise AdvizError(f"Dask {what} are computed by Dask itself; leave out executor=")

    def spread(self, work: Work, chunks: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """Yield the result of every chunk."""
        return spread(work, chunks, self.workers, what="a function", in_flight=self.in_flight)

    def results(
        self, work: Work, shared: tuple[Any, ...], items: Iterable[Any], size: int
    ) -> Iterator[Any]:
        """Yield the result of every item, in order."""
        rest, size = iter(items), self.size or size
        parts = iter(lambda: list(islice(rest, size)), [])
        chunks = ((*shared, k * size, part) for k, part in enumerate(parts))
        return chain.from_iterable(self.spread(work, chunks))


def like(given: Iterable[Any], results: Iterator[Any]) -> Any:
    """Return results as they were asked for: one after the other, or all."""
    return results if isinstance(given, Iterator) else list(results)
