"""Who works on many points, formulas or checks, on how many of them at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Any

from adviz.calculus.parallel.lazy import is_bag
from adviz.calculus.parallel.workers import Work, Workers, starmap
from adviz.errors import AdvizError
from adviz.language.asked import require, several
from adviz.numbers.given import whole


class Crew:
    """Who works, on how many at a time."""

    def __init__(self, workers: Workers | None, size: int | None, in_flight: int) -> None:
        for name, number in (("chunk", size), ("in_flight", in_flight)):
            if number is not None:
                whole(name, number)
        self.workers, self.size, self.in_flight = workers, size, in_flight

    def refuse(self, what: str) -> None:
        """Refuse an executor for what Dask computes."""
        if self.workers is not None:
            raise AdvizError(f"Dask {what} are computed by Dask itself; leave out executor=")

    def starmap(self, work: Work, chunks: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """Yield the result of every chunk, in order."""
        return starmap(work, chunks, self.workers, what="a function", in_flight=self.in_flight)

    def each(self, work: Work, shared: tuple[Any, ...], items: Iterable[Any], size: int) -> Any:
        """Return the results of all items, of which `work(*shared, start, some)` gives a list.

        They come as the items do: in a Dask bag, where places have no numbers, one after the
        other from an iterator, or else in a list.
        """
        if is_bag(items):
            self.refuse("bags")
            return items.map_partitions(partial(work, *shared, None))  # type: ignore[attr-defined]  # a bag
        wanted = "a list or an iterator"
        require(several(items), "what is to be worked on", items, wanted)
        rest, size = iter(items), self.size or size
        parts = iter(lambda: list(islice(rest, size)), [])
        chunks = ((*shared, k * size, part) for k, part in enumerate(parts))
        results = chain.from_iterable(self.starmap(work, chunks))
        return results if isinstance(items, Iterator) else list(results)
