"""A backward pass of PyTorch as it runs: what every node of autograd's receives and sends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from adviz.checking.recording.connecting import Connected
from adviz.checking.recording.forward import Forward, plain
from adviz.checking.recording.recorded import Array, Arrival, Operation, Pass
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


class Backward:
    """The events of one backward pass, from some tensors back."""

    def __init__(self, forward: Forward, roots: Sequence[Any]) -> None:
        self.forward = forward
        self.roots = [forward.place(root) for root in roots]
        self.connected = Connected(forward)
        self.received: dict[int, list[Any]] = {}
        self.sent: list[_Sent] = []
        self.totals: list[Array] = []
        self._held: dict[Slot, Array] = {}
        self._adding: deque[int] = deque()
        self._open: Any = None
        self._inside: list[tuple[str, Sequence[Any], Any]] = []
        self._kept: list[Any] = []
        self._hooks = [*self._hooked([root.grad_fn for root in roots])]

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
        numbers = self.received[id(function)]
        self.sent.append(_Sent(function, k, numbers, partial, plain(product), product))
        self.totals.append(self.sent[-1].product)
        following, number = function.next_functions[k]
        slot = id(following), number
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
        name = function.name().rpartition("::")[2]
        if any(product is one for one in incoming):
            return plain(product.new_ones(()))
        for done, args, result in self._inside:
            if result is product:
                return _factor(done, args, incoming, product, name)
        return name

    # --- What came of it --------------------------------------------------------------------------

    def finished(self, names: Mapping[int, str]) -> Pass:
        """Return the pass, its operations in order, with names by tensors' ids."""
        moved = self.connected.moved()
        reached = self.connected.reached(self.roots)
        new = {place: k for k, place in enumerate(reached)}
        seen = self.connected.seen
        operations = [self._operation(place, new, moved, names) for place in reached]
        arrivals = [*self._arrivals(new)]
        received: dict[int, Array] = {}
        for one in arrivals:
            received[operations[one.head].args[one.position]] = one.total
        for place, k in new.items():
            held = self.received.get(id(self._node(seen[place])), [])
            if held and held[seen[place].number] is not None:
                received[k] = held[seen[place].number]
        seeds = {new[root]: received[new[root]] for root in self.roots if new[root] in received}
        return Pass("PyTorch", operations, seeds, arrivals, received)

    def _node(self, one: Any) -> Any:
        """Return the node that a tensor's adjoint arrives at."""
        if one.function is not None or not one.tensor.requires_grad:
            return one.function
        return self._leaves.get(id(one.tensor))

    @property
    def _leaves(self) -> dict[int, Any]:
        return {
            id(function.variable): function
            for sent in self.sent
            for function, _ in sent.function.next_functions
            if function is not None and hasattr(function, "variable")
        }

    def _operation(
        self, place: int, new: dict[int, int], moved: Sequence[bool], names: Mapping[int, str]
    ) -> Operation:
        one, tensor = self.connected.seen[place].operation, self.connected.seen[place].tensor
        args = tuple(new[argument] for argument in self.connected.arguments(place, moved))
        name = names.get(id(tensor)) or self.forward.name(place)
        return replace(one, args=args, name=name)

    def _arrivals(self, new: dict[int, int]) -> Iterator[Arrival]:
        for one, total in zip(self.sent, self.totals, strict=True):
            used = [n for n, incoming in enumerate(one.incoming) if incoming is not None]
            if len(used) != 1:
                raise AdvizError(
                    f"{one.function.name()} goes back from {len(used)} results at once, which is not "
                    "recorded; use one of them"
                )
            place = self.connected.by_result[id(one.function), used[0]]
            slots = {k: position for position, k in self.connected.seen[place].slots.items()}
            yield Arrival(
                new[place], slots[one.k], one.incoming[used[0]], one.partial, one.product, total
            )


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

