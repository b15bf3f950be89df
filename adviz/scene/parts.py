"""A large graph cut into few parts: the author's, equal blocks, and what narrow places divide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from adviz.graph.graph import Graph

_LONG, _SHARE = 24, 16
"""A part of more nodes, and of more than this share of all, is divided while there is room."""
_LEAST_BLOCKS, _LEAST_REPEATED = 4, 12
"""How many equal blocks, and nodes of them, are worth to be told as a repetition."""
_LONGEST_BLOCK, _MOST_WORK = 512, 20_000_000
"""How many nodes a block may have, and how many pairs of nodes are compared to find one."""
_ELEMENT = re.compile(r"(.*?)(\d+)")
"""The name of a vector's element: the vector's, and its number."""
_FEW_INPUTS = 12
"""More inputs than this stand together, a vector argument as one."""


class Part(NamedTuple):
    """Some nodes of a graph that are seen as one, in order, and of how many equal blocks."""

    nodes: tuple[int, ...]
    blocks: int = 1


class _Run(NamedTuple):
    """Neighbours in the order in which a graph was written, from one place up to another."""

    start: int
    stop: int
    blocks: int = 1


def parts_of(graph: Graph, most: int) -> tuple[Part, ...]:
    """Return a graph's nodes in at most so many parts, each of which only needs earlier ones.

    Every node is in one of them. A part is a run of the order in which the graph was written, so
    no two parts need each other: it ends where the author named something, else after whole
    blocks of equal structure, else where few values are still needed. Constants belong to what
    uses them first, inputs stand first.

    >>> import adviz
    >>> def f(x, r):
    ...     for _ in range(50):
    ...         x = r*x*(1 - x)
    ...     return x
    >>> [(len(part.nodes), part.blocks) for part in parts_of(adviz.build(f), 40)]
    [(1, 1), (1, 1), (4, 1), (3, 1), (141, 47), (3, 1)]
    """
    order = _Order(graph)
    first = order.given
    return (*first, *map(order.part, order.runs(max(1, most - len(first)))))


@dataclass(frozen=True)
class _Order:
    """The order in which a graph was written, without its leaves."""

    graph: Graph

    @cached_property
    def nodes(self) -> list[int]:
        """The nodes that compute something."""
        return [node for node, arguments in enumerate(self.graph.args) if arguments]

    @cached_property
    def place(self) -> dict[int, int]:
        """Where they stand."""
        return {node: place for place, node in enumerate(self.nodes)}

    @property
    def long(self) -> int:
        """How many nodes a part has that need not be divided."""
        return max(_LONG, len(self.nodes) // _SHARE)

    @cached_property
    def given(self) -> tuple[Part, ...]:
        """The inputs, many of them together, and constants that nothing uses."""
        graph = self.graph
        groups = _grouped(graph) if len(graph.inputs) > _FEW_INPUTS else graph.inputs.values()
        inputs = set(graph.inputs.values())
        unused = (
            n for n, args in enumerate(graph.args)
            if not (args or graph.consumers[n] or n in inputs)
        )  # fmt: skip
        return tuple(Part((n,) if isinstance(n, int) else tuple(n)) for n in (*groups, *unused))

    @cached_property
    def live(self) -> Sequence[int]:
        """Per place how many values from before it are needed from there on."""
        changes = [0] * (len(self.nodes) + 2)
        for place, node in enumerate(self.nodes):
            used = [self.place[edge.head] for edge in self.graph.consumers[node]]
            if used:
                changes[place + 1] += 1
                changes[max(used) + 1] -= 1
        return list(accumulate(changes))

    @cached_property
    def constants(self) -> dict[int, list[int]]:
        """The constants by the node that uses them first."""
        inputs, first = set(self.graph.inputs.values()), dict[int, list[int]]()
        for node, arguments in enumerate(self.graph.args):
            if not arguments and node not in inputs and self.graph.consumers[node]:
                first.setdefault(self.graph.consumers[node][0].head, []).append(node)
        return first

    def part(self, run: _Run) -> Part:
        """Return the nodes of a run, with the constants that are first used there."""
        nodes = self.nodes[run.start : run.stop]
        own = (constant for node in nodes for constant in self.constants.get(node, ()))
        return Part(tuple(sorted((*nodes, *own))), run.blocks)

    def runs(self, most: int) -> list[_Run]:
        """Return the order in at most so many runs."""
        named = self._named(0, len(self.nodes))
        if len(named) <= most and all(run.stop - run.start <= self.long for run in named):
            return named
        return self._divided(self._merged(self._repeated(), most), most)

    def _named(self, start: int, stop: int) -> list[_Run]:
        """Return a stretch, cut after every node that has a name or is an output.

        The elements of a vector that do not need each other stay together.
        """
        cuts = sorted(cut for cut in self._ends if start < cut < stop)
        pairs = pairwise((*cuts, stop))
        kept = (cut for cut, following in pairs if not self._beside(cut, following))
        return _runs((start, *kept, stop))

    @cached_property
    def _ends(self) -> Mapping[int, str]:
        """Where a run ends because of a name, and the name."""
        called = (*self.graph.names.items(), *self.graph.outputs.items())
        return {self.place[n] + 1: name for name, n in called if n in self.place}

    def _beside(self, cut: int, following: int) -> bool:
        """Return whether two elements of one vector are computed before a place and after it."""
        one, other = (_ELEMENT.fullmatch(self._ends.get(c, "")) for c in (cut, following))
        if not (one and other and one[1] == other[1] and int(other[2]) == int(one[2]) + 1):
            return False
        later = self.nodes[cut:following]
        return all(self.nodes[cut - 1] not in self.graph.args[node] for node in later)

    def _repeated(self) -> list[_Run]:
        """Return all runs, equal blocks one after another as the first, those between, the last."""
        runs, before = list[_Run](), 0
        for start, count, size in self._blocks():
            runs += self._named(before, start)
            before = start + count * size
            second, last = start + size, before - size
            runs += [_Run(start, second), _Run(second, last, count - 2), _Run(last, before)]
        return runs + self._named(before, len(self.nodes))

    def _blocks(self) -> list[tuple[int, int, int]]:
        """Return where equal blocks begin, how many there are, and how many nodes one has."""
        found, stretches = list[tuple[int, int, int]](), [(0, len(self.nodes))]
        while stretches:
            start, stop = stretches.pop()
            best = self._most_repeated(start, stop)
            if best:
                found.append(best)
                first, count, size = best
                stretches += [(start, first), (first + count * size, stop)]
        return sorted(found)

    def _most_repeated(self, start: int, stop: int) -> tuple[int, int, int] | None:
        """Return the equal blocks that cover most of a stretch, the smaller of two like that."""
        if stop - start < _LEAST_REPEATED:
            return None
        best, covered = None, _LEAST_REPEATED - 1
        longest = min(
            (stop - start) // _LEAST_BLOCKS, _LONGEST_BLOCK, _MOST_WORK // len(self.nodes)
        )
        for size in range(1, longest + 1):
            first, length = _longest_run(self._alike(start, stop, size))
            count = (length + size) // size
            if count >= _LEAST_BLOCKS and count * size > covered:
                best, covered = self._settled(start + first, length + size, size), count * size
        return best

    def _settled(self, start: int, length: int, size: int) -> tuple[int, int, int]:
        """Return blocks within a periodic stretch, cut where the fewest values are needed."""
        count = length // size
        spare = range(start, start + length - count * size + 1)
        return min(spare, key=lambda place: (self.live[place], place)), count, size

    def _alike(self, start: int, stop: int, size: int) -> Sequence[bool]:
        """Return per place of a stretch whether the one a block later is computed alike."""
        shapes = self._shapes
        pairs = zip(shapes[start : stop - size], shapes[start + size : stop], strict=True)
        return [one == other for one, other in pairs]

    @cached_property
    def _shapes(self) -> list[int]:
        """Per place what is computed there and how far back its arguments are, as a number."""
        known: dict[tuple[object, ...], int] = {}
        shapes = (
            (self.graph.ops[node], *(self._back(place, a) for a in self.graph.args[node]))
            for place, node in enumerate(self.nodes)
        )
        return [known.setdefault(shape, len(known)) for shape in shapes]

    def _back(self, place: int, argument: int) -> object:
        """Return how far back an argument is; of a constant or an input only that it is one."""
        if argument in self.place:
            return place - self.place[argument]
        return self.graph.ops[argument]

    def _merged(self, runs: list[_Run], most: int) -> list[_Run]:
        """Return fewer runs, about equally long, parted where few values are needed."""
        if len(runs) <= most:
            return runs
        total = len(self.nodes)
        windows: dict[int, int] = {}
        for cut in sorted((run.start for run in runs[1:]), key=lambda c: (self.live[c], c)):
            windows.setdefault(round(cut * most / total), cut)
        cuts = sorted(cut for window, cut in windows.items() if 0 < window < most)
        return _runs((0, *cuts, total))

    def _divided(self, runs: list[_Run], most: int) -> list[_Run]:
        """Return long runs in two where few values are needed, while there is room."""
        runs = [*runs]
        while len(runs) < most:
            longest = max(runs, key=lambda run: (run.stop - run.start) * (run.blocks == 1))
            start, stop, blocks = longest
            if blocks > 1 or stop - start <= self.long:
                break
            third = (stop - start) // 3
            middle = range(start + third, stop - third)
            cut = min(middle, key=lambda c: (self.live[c], abs(start + stop - 2 * c)))
            at = runs.index(longest)
            runs[at : at + 1] = [_Run(start, cut), _Run(cut, stop)]
        return runs


def _grouped(graph: Graph) -> Iterator[list[int]]:
    """Yield the inputs of every vector argument, and all others together."""
    vectors = [[graph.inputs[name] for name in names] for names in (graph.vectors or {}).values()]
    inside = {node for vector in vectors for node in vector}
    others = [node for node in graph.inputs.values() if node not in inside]
    return filter(None, (*vectors, others))


def _runs(cuts: Iterable[int]) -> list[_Run]:
    """Return what is between neighbouring cuts."""
    return [_Run(start, stop) for start, stop in pairwise(sorted(set(cuts)))]


def _longest_run(truths: Sequence[bool]) -> tuple[int, int]:
    """Return where the longest row of truths begins, and how long it is.

    >>> _longest_run([True, False, True, True])
    (2, 2)
    """
    start, best = 0, (0, 0)
    for place, truth in enumerate((*truths, False)):
        if not truth:
            best = max(best, (start, place - start), key=lambda run: run[1])
            start = place + 1
    return best
