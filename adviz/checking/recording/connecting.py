"""How autograd's nodes hang together: which argument of an operation each derivative goes to.

A Function of one's own is one node of autograd's; what ran inside it, out of autograd's sight, is
what it means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adviz.checking.recording.forward import Forward, Seen
from adviz.checking.recording.recorded import Meaning
from adviz.errors import AdvizError

_BACKWARD = "Backward"


class Connected:
    """The operations of a forward pass as autograd has them."""

    def __init__(self, forward: Forward) -> None:
        forward.resolve()
        self.forward, self.seen = forward, forward.seen
        self.by_result: dict[tuple[int, int], int] = {}
        """The last place of every result of a node, by the node and the result's number."""
        self.by_leaf: dict[int, int] = {}
        for place, one in enumerate(self.seen):
            if one.function is not None:
                self.by_result[id(one.function), one.number] = place
            elif one.tensor.requires_grad:
                self.by_leaf[id(one.tensor)] = place
        for place, one in enumerate(self.seen):
            if one.function is not None and not one.slots:
                self._connect(place, one)

    def reached(self, roots: Sequence[int]) -> list[int]:
        """Return the places that roots depend on, in order; what depends on no leaf is a leaf."""
        moved = self._moved()
        needed, stack = set(roots), [*roots]
        while stack:
            for argument in self.arguments(stack.pop(), moved):
                if argument not in needed:
                    needed.add(argument)
                    stack.append(argument)
        return sorted(needed)

    def arguments(self, place: int, moved: Sequence[bool]) -> tuple[int, ...]:
        """Return the arguments of an operation; none of what nothing differentiable leads to."""
        one = self.seen[place]
        leaf = one.function is None and one.tensor.requires_grad
        return one.operation.args if moved[place] and not leaf else ()

    def _moved(self) -> list[bool]:
        """Return per place whether a leaf that is differentiated leads there."""
        moved: list[bool] = []
        for one in self.seen:
            moved.append(
                one.tensor.requires_grad or any(moved[argument] for argument in one.operation.args)
            )
        return moved

    def moved(self) -> Sequence[bool]:
        """Return per place whether a leaf that is differentiated leads there."""
        return self._moved()

    def _connect(self, place: int, one: Seen) -> None:
        """Find the argument that each of a node's next functions belongs to."""
        wanted = [k for k, (function, _) in enumerate(one.function.next_functions) if function]
        args = one.operation.args
        slots = self._matched(one, args, wanted)
        if one.no_grad or len(slots) < len(wanted):
            args = self._outside(place, one, wanted)
            slots = self._matched(one, args, wanted)
            inside = self._inside(place, args)
            name = one.function.name().rpartition("::")[2].partition(_BACKWARD)[0]
            one.operation = replace(
                one.operation, label=name or one.operation.label, args=args, meaning=inside
            )
        one.slots = slots

    def _matched(self, one: Seen, args: Sequence[int], wanted: Sequence[int]) -> dict[int, int]:
        """Return per argument its next function, each taken once."""
        slots: dict[int, int] = {}
        for k in wanted:
            function, number = one.function.next_functions[k]
            for position, argument in enumerate(args):
                if position not in slots and self._is(argument, function, number):
                    slots[position] = k
                    break
        return slots

    def _is(self, place: int, function: Any, number: int) -> bool:
        other = self.seen[place]
        if other.function is not None:
            return other.function is function and other.number == number
        return getattr(function, "variable", None) is other.tensor

    def _outside(self, place: int, one: Seen, wanted: Sequence[int]) -> tuple[int, ...]:
        """Return the arguments of a node: what its next functions are of, then what else led in."""
        found = [self._owner(one, k) for k in wanted]
        others: list[int] = []
        stack, met = [*one.operation.args], set(found)
        while stack:
            argument = stack.pop(0)
            if argument in met:
                continue
            met.add(argument)
            inner = self.seen[argument]
            hidden = inner.no_grad and inner.function is None and inner.operation.args
            if hidden and not inner.tensor.requires_grad:
                stack += inner.operation.args
            else:
                others.append(argument)
        return (*found, *others)

    def _owner(self, one: Seen, k: int) -> int:
        function, number = one.function.next_functions[k]
        variable = getattr(function, "variable", None)
        found = self.by_result.get((id(function), number))
        found = self.by_leaf.get(id(variable)) if found is None else found
        if found is None and variable is not None:
            return self.forward.place(variable)
        if found is None:
            raise AdvizError(
                f"{one.function.name()} hangs on {function.name()}, which was not recorded: run the "
                "whole forward pass while it is watched, and change no tensor in place by a part of it"
            )
        return found

    def _inside(self, place: int, args: Sequence[int]) -> Meaning | None:
        """Return what ran between arguments and a result as one meaning, where all of it is known."""
        inner, stack = set[int](), [place]
        while stack:
            here = stack.pop()
            if here in args or here in inner:
                continue
            inner.add(here)
            stack += self.seen[here].operation.args
        steps = {here: self.seen[here].operation for here in sorted(inner)}
        if any(one.meaning is None or not one.args for one in steps.values()):
            return None

        def meaning(*arrays: Any) -> Any:
            known: dict[int, Any] = dict(zip(args, arrays, strict=True))
            for here, one in steps.items():
                assert one.meaning is not None  # noqa: S101 - looked at above
                known[here] = one.meaning(*(known[argument] for argument in one.args))
            return known[place]

        return meaning


Places = Mapping[int, int]
"""Places of what was seen, and of the operations of a pass."""
