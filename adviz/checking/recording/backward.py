"""A backward pass of PyTorch as it runs: what every node of autograd's receives and sends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from adviz.checking.recording.connecting import Connected, rule_of
from adviz.checking.recording.forward import Forward, plain
from adviz.checking.recording.pieces import Piece, pieces
from adviz.checking.recording.recorded import BFLOAT16, Array, Arrival, Operation, Pass, Silence
from adviz.errors import AdvizError

Slot = tuple[int, int]
"""A node of autograd's and which of its results; where adjoints are added up."""
_ADDS = ("aten.add.Tensor", "aten.add_.Tensor")
_TIMES = ("aten.mul.Tensor", "aten.mul.Scalar")


class _Sent(NamedTuple):
    """What a node sent to one of its next functions."""

    function: Any
    k: int
    incoming: Sequence[Any]
    partial: Any
    product: Array
    tensor: Any
    before: Array | None
    """What there was at the slot."""


class Backward:
    """The events of one backward pass, from some tensors back."""

    def __init__(self, forward: Forward, seeds: Sequence[tuple[Any, Any]], partly: bool) -> None:
        self.forward, self.partly = forward, partly
        self.seeds = {forward.place(root): plain(seed) for root, seed in seeds}
        self.connected = Connected(forward)
        self.received: dict[int, list[Any]] = {}
        self.sent: list[_Sent] = []
        self.totals: list[Array] = []
        self._held: dict[Slot, Array] = {
            (id(root.grad_fn), root.output_nr): plain(seed) for root, seed in seeds
        }
        self._adding: deque[int] = deque()
        self._open: Any = None
        self._inside: list[tuple[str, Sequence[Any], Any]] = []
        self._kept: list[Any] = []
        self._hooks = [*self._hooked([root.grad_fn for root, _ in seeds])]

    def end(self) -> None:
        """Take the hooks out again."""
        for hook in self._hooks:
            hook.remove()

    def ran(self, function: Any, args: Sequence[Any], result: Any) -> None:
        """Look at an operation: of a node's derivative, or the sum of two adjoints."""
        if self._open is not None:
            self._inside.append((str(function), args, result))
        elif self._adding and str(function) in _ADDS:
            waiting = self.sent[self._adding[0]]
            if any(one is waiting.tensor for one in args):
                self._add(self._adding.popleft(), plain(result))

    def _hooked(self, functions: Sequence[Any]) -> Iterator[Any]:
        stack, met = [*functions], set[Any]()
        while stack:
            function = stack.pop()
            if function is not None and function not in met:
                met.add(function)
                self._kept.append(function)  # so that no other node gets its place in memory
                yield function.register_prehook(self._entering(function))
                yield function.register_hook(self._leaving(function))
                stack += [following for following, _ in function.next_functions]

    def _entering(self, function: Any) -> Callable[[Any], None]:
        def entering(incoming: Any) -> None:
            with self.forward.quiet():
                self.received[id(function)] = [None if g is None else plain(g) for g in incoming]
                self._open, self._inside = function, []

        return entering

    def _leaving(self, function: Any) -> Callable[[Any, Any], None]:
        def leaving(products: Any, incoming: Any) -> None:
            with self.forward.quiet():
                self._open = None
                for k, product in enumerate(products):
                    following = function.next_functions[k : k + 1]
                    if product is not None and following and following[0][0] is not None:
                        self._send(function, k, incoming, product)

        return leaving

    def _send(self, function: Any, k: int, incoming: Any, product: Any) -> None:
        partial = self._partial(function, incoming, product)
        following, number = function.next_functions[k]
        slot = id(following), number
        numbers, before = self.received[id(function)], self._held.get(slot)
        self.sent.append(_Sent(function, k, numbers, partial, plain(product), product, before))
        self.totals.append(self.sent[-1].product)
        if slot in self._held:
            self._adding.append(len(self.sent) - 1)
        else:
            self._held[slot] = self.sent[-1].product

    def _add(self, place: int, total: Array) -> None:
        one = self.sent[place]
        following, number = one.function.next_functions[one.k]
        self._held[id(following), number] = self.totals[place] = total

    def _partial(self, function: Any, incoming: Sequence[Any], product: Any) -> Any:
        """Return what an adjoint was multiplied by, where that is what was done; else the rule."""
        name = rule_of(function)
        if any(product is one for one in incoming):
            return plain(product.new_ones(()))
        for done, args, result in self._inside:
            if result is product:
                return _factor(done, args, incoming, product, name)
        return name

    # --- What came of it --------------------------------------------------------------------------

    def finished(self, names: Mapping[int, str]) -> Pass:
        """Return the pass, its operations in order, with names by tensors' ids."""
        reached = self.connected.reached([*self.seeds])
        new = {place: k for k, place in enumerate(reached)}
        operations = [self._operation(place, new, names) for place in reached]
        arrivals = [*self._arrivals(new)]
        received = {new[root]: seed for root, seed in self.seeds.items()}
        received |= {operations[one.head].args[one.position]: one.total for one in arrivals}
        received |= self._received(new)
        seeds = {new[root]: seed for root, seed in self.seeds.items()}
        silent = [] if self.partly else [*self._silent(new)]
        unit = BFLOAT16 if self.forward.narrow else 0.0
        return Pass("PyTorch", operations, seeds, arrivals, received, silent, unit)

    def _received(self, new: Mapping[int, int]) -> Iterator[tuple[int, Array]]:
        """Yield the adjoint that autograd went on with, hooks having been called."""
        leaves = {id(one.variable): one for one in self._kept if hasattr(one, "variable")}
        for place, k in new.items():
            one = self.connected.seen[place]
            function = one.function or leaves.get(id(one.tensor))
            held = self.received.get(id(function), [])
            if held and held[one.number] is not None:
                yield k, held[one.number]

    def _operation(self, place: int, new: Mapping[int, int], names: Mapping[int, str]) -> Operation:
        one = self.connected.seen[place]
        if isinstance(one.operation.value, AdvizError):
            raise one.operation.value
        args = tuple(new[argument] for argument in self.connected.arguments(place))
        return replace(one.operation, args=args, name=self._name(place, names))

    def _name(self, place: int, names: Mapping[int, str]) -> str:
        """Return what the author calls a tensor; of a leaf that is another one again, that."""
        one = self.connected.seen[place]
        name = names.get(id(one.tensor)) or self.forward.name(place)
        sources = one.operation.args
        if name or not sources or self.connected.arguments(place):
            return name
        source = self.connected.seen[sources[0]].operation
        same = np.array_equal(source.value, one.operation.value)
        return (self._name(sources[0], names) or source.label) if same else ""

    def _arrivals(self, new: Mapping[int, int]) -> Iterator[Arrival]:
        for one, total in zip(self.sent, self.totals, strict=True):
            used = [n for n, incoming in enumerate(one.incoming) if incoming is not None]
            for n, part in zip(used, self._parts(one, used, total), strict=True):
                place = self.connected.by_result[id(one.function), n]
                position = self.connected.position(place, one.k)
                yield Arrival(new[place], position, one.incoming[n], one.partial, *part)

    def _parts(self, one: _Sent, used: Sequence[int], total: Array) -> Sequence[Piece]:
        """Return what was sent, of several results each one's piece."""
        places = [self.connected.by_result[id(one.function), n] for n in used]
        results = [self.connected.seen[place].operation for place in places]
        return pieces(rule_of(one.function), results, one.product, one.before, total)

    def _silent(self, new: Mapping[int, int]) -> Iterator[Silence]:
        """Yield what a node should have sent something to and did not."""
        sent = {(id(one.function), one.k) for one in self.sent}
        for place, k in new.items():
            one = self.connected.seen[place]
            held = self.received.get(id(one.function))
            if held is None or held[one.number] is None:
                continue
            for position, slot in one.slots.items():
                if (id(one.function), slot) not in sent:
                    yield Silence(k, position, held[one.number])


def _factor(
    done: str, args: Sequence[Any], incoming: Sequence[Any], product: Any, rule: str
) -> Any:
    """Return the other factor of a product with an adjoint, −1 of its negative, else the rule."""
    ours = [any(one is g for g in incoming) for one in args[:2]]
    if done == "aten.neg.default" and ours[0]:
        return plain(-product.new_ones(()))
    if done in _TIMES and any(ours):
        other = args[1 - ours.index(True)]
        shape = getattr(other, "shape", ())
        if shape in ((), product.shape):
            return plain(other) if hasattr(other, "shape") else plain(product.new_tensor(other))
    return rule
