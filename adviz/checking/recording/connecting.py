"""How autograd's nodes hang together: which argument of an operation each derivative goes to.

A Function of one's own is one node of autograd's; what ran inside it, out of autograd's sight, is
what it means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from adviz.checking.recording.forward import Forward, Seen
from adviz.checking.recording.recorded import Meaning
from adviz.errors import AdvizError
from adviz.sources.frameworks.reading import Reading, Value


def rule_of(function: Any) -> str:
    """Return what PyTorch calls a node of autograd's, such as `MulBackward0`."""
    return str(function.name()).rpartition("::")[2]


class Connected:
    """The operations of a forward pass as autograd has them."""

    def __init__(self, forward: Forward) -> None:
        forward.resolve()
        self.forward, self.seen = forward, forward.seen
        self.by_result: dict[tuple[int, int], int] = {}
        """The place of every result of a node, by the node and the result's number."""
        self.by_leaf: dict[int, int] = {}
        for place, one in enumerate(self.seen):
            if one.function is not None:
                self.by_result[id(one.function), one.number] = place
            elif one.tensor.requires_grad:
                self.by_leaf[id(one.tensor)] = place
        for place, one in enumerate([*self.seen]):
            if one.function is not None and not one.slots:
                self._connect(place, one)

    def reached(self, roots: Sequence[int]) -> list[int]:
        """Return the places that roots depend on, in order, what depends on nothing first."""
        needed, stack = {*roots}, [*roots]
        while stack:
            new = {*self.arguments(stack.pop())} - needed
            needed |= new
            stack += new
        return sorted(needed, key=lambda place: (bool(self.arguments(place)), place))

    def arguments(self, place: int) -> tuple[int, ...]:
        """Return an operation's arguments; what no differentiated leaf leads to has none."""
        one = self.seen[place]
        leaf = one.function is None and one.tensor.requires_grad
        return one.operation.args if self._moved[place] and not leaf else ()

    def position(self, place: int, slot: int) -> int:
        """Return the argument of an operation whose derivative goes to a node's next function."""
        return next(position for position, k in self.seen[place].slots.items() if k == slot)

    @cached_property
    def _moved(self) -> list[bool]:
        """Per place whether a leaf that is differentiated leads there."""
        moved: list[bool] = []
        for one in self.seen:
            inside = any(
                moved[argument] for argument in one.operation.args if argument < len(moved)
            )
            moved.append(one.tensor.requires_grad or inside)
        return moved

    def _connect(self, place: int, one: Seen) -> None:
        """Find the argument that each of a node's next functions belongs to."""
        wanted = [k for k, (function, _) in enumerate(one.function.next_functions) if function]
        slots = self._matched(one, one.operation.args, wanted)
        if one.no_grad or len(slots) < len(wanted):
            args = self._outside(one, wanted)
            label = rule_of(one.function).partition("Backward")[0] or one.operation.label
            meaning = self._inside(place, args)
            one.operation = replace(
                one.operation, label=label, args=args, meaning=meaning, ruled=True
            )
            slots = self._matched(one, args, wanted)
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

    def _outside(self, one: Seen, wanted: Sequence[int]) -> tuple[int, ...]:
        """Return the arguments of a node: what its next functions are of, then what else led in."""
        found = [self._owner(one, k) for k in wanted]
        others: list[int] = []
        stack, met = [*one.operation.args], {*found}
        while stack:
            argument = stack.pop(0)
            if argument not in met:
                met.add(argument)
                inner = self.seen[argument]
                hidden = inner.no_grad and inner.function is None and not inner.tensor.requires_grad
                if hidden and inner.operation.args:
                    stack += inner.operation.args
                else:
                    others.append(argument)
        return (*found, *others)

    def _owner(self, one: Seen, k: int) -> int:
        """Return the place that a node's next function is of."""
        function, number = one.function.next_functions[k]
        leaf = getattr(function, "variable", None)
        if leaf is not None:
            return self.by_leaf[id(leaf)] if id(leaf) in self.by_leaf else self._late(leaf)
        found = self.by_result.get((id(function), number))
        if found is None:
            raise AdvizError(
                f"{rule_of(one.function)} goes back to {rule_of(function)}, which was not "
                "recorded; run the whole forward pass while it is watched"
            )
        return found

    def _late(self, leaf: Any) -> int:
        """Return the place of a leaf that no recorded operation took."""
        place = self.by_leaf[id(leaf)] = self.forward.place(leaf)
        return place

    def _inside(self, place: int, args: Sequence[int]) -> Meaning | None:
        """Return what ran between arguments and a result as one meaning.

        Autograd does not look inside, so what is detached there is a value like any other.
        """
        inner, stack = set[int](), [place]
        while stack:
            here = stack.pop()
            if here not in args and here not in inner:
                inner.add(here)
                stack += self.seen[here].operation.args
        steps = {here: self.seen[here].operation for here in sorted(inner)}
        if len({*args}) < len(args) or any(
            not (one.meaning and one.args) for one in steps.values()
        ):
            return None

        def meant(reading: Reading, *values: Value) -> Value:
            known: dict[int, Value] = dict(zip(args, values, strict=True))
            for here, one in steps.items():
                given = [known[argument] for argument in one.args]
                if one.meaning:
                    detached = one.label == "detach"
                    known[here] = given[0] if detached else one.meaning(reading, *given)
            return known[place]

        return meant
