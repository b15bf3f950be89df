"""The forward pass of PyTorch as it runs: every operation below autograd, and what it gave."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from types import FrameType
from typing import Any

from adviz.checking.recording.meanings import part
from adviz.checking.recording.recorded import Array, Meaning, Operation
from adviz.errors import AdvizError, TooLarge
from adviz.sources.frameworks.aten.operation import read
from adviz.sources.frameworks.reading import Reading, Value
from adviz.sources.tracing.places import is_own, places

MOST = 20_000
"""The most operations that are kept."""


def plain(tensor: Any) -> Array:
    """Return a tensor's numbers as they are now, in its own format.

    NumPy has no bfloat16; float32 holds each of its numbers. Raises AdvizError for complex numbers
    and for tensors that are no plain arrays.
    """
    torch: Any = import_module("torch")
    wrong = {
        "complex": tensor.is_complex(),
        "quantized": tensor.is_quantized,
        "without numbers": tensor.is_meta,
        str(tensor.layout).removeprefix("torch."): tensor.layout != torch.strided,
    }
    if any(wrong.values()):
        what = next(what for what, is_so in wrong.items() if is_so)
        raise AdvizError(f"a recording holds plain tensors of real numbers, and one is {what}")
    held = tensor.detach().cpu()
    held = held.float() if held.dtype == torch.bfloat16 else held
    return held.numpy().copy()[()]


def _held(tensor: Any) -> Array | AdvizError:
    """Return a tensor's numbers, or why it has none here, which matters only if it is needed."""
    try:
        return plain(tensor)
    except AdvizError as error:
        return error


def _version(tensor: Any) -> int:
    """Return how often a tensor has been changed in place; one of inference mode does not say."""
    return 0 if tensor.is_inference() else int(tensor._version)


@dataclass(eq=False)
class Seen:
    """One tensor at one time: the operation that gave it, and where autograd has it."""

    tensor: Any
    operation: Operation
    no_grad: bool = False
    """Whether autograd was told to look away: so are the insides of a Function of one's own."""
    function: Any = None
    """Autograd's node, once it is known."""
    number: int = 0
    """Which of that node's results it is."""
    slots: dict[int, int] = field(default_factory=dict)
    """Per argument which of the node's next functions its derivative goes to."""


class Forward:
    """What has run so far, and which tensor is which."""

    def __init__(self) -> None:
        self.torch: Any = import_module("torch")
        self.seen: list[Seen] = []
        self.busy = False
        """Whether it is the recording itself that uses PyTorch."""
        self.narrow = False
        """Whether a tensor is of bfloat16."""
        self._known: dict[int, tuple[int, int]] = {}
        self._waiting: list[int] = []
        self._stored: dict[Any, dict[int, Any]] = {}
        self._names: dict[int, tuple[str, ...]] = {}
        self._last: dict[tuple[FrameType, int], int] = {}

    def run(self, function: Any, args: Any, rest: Any) -> Any:
        """Run an operation and keep what it gives."""
        with self.quiet():
            self.resolve()
            flat, form = self.torch.utils._pytree.tree_flatten((args, rest))
            tensors = [one for one in flat if self.torch.is_tensor(one)]
            arguments = tuple(self.place(one) for one in tensors)
            meaning = _meaning(function, flat, form, self.torch)
            result = function(*args, **rest)
            given = self.torch.utils._pytree.tree_leaves(result)
            changes = getattr(getattr(function, "_schema", None), "is_mutable", False)
            for number, one in enumerate(given):
                if self.torch.is_tensor(one) and (changes or not self._is_known(one)):
                    self._keep(function, one, arguments, partial(part, meaning, number))
        return result

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Use PyTorch without being recorded."""
        before, self.busy = self.busy, True
        try:
            yield
        finally:
            self.busy = before

    def resolve(self) -> None:
        """Ask autograd where it has the tensors that are new, whose operation has ended."""
        for place in self._waiting:
            one = self.seen[place]
            one.function, one.number = one.tensor.grad_fn, one.tensor.output_nr
            self._known[id(one.tensor)] = place, _version(one.tensor)  # a view has its base's
        self._waiting.clear()

    def place(self, tensor: Any) -> int:
        """Return the place of a tensor as it is now, a new one where nothing recorded gave it."""
        if not self._is_known(tensor):
            self._add(tensor, Operation("", (), _held(tensor)))
        return self._known[id(tensor)][0]

    def _is_known(self, tensor: Any) -> bool:
        known = self._known.get(id(tensor))
        return known is not None and known[1] == _version(tensor)

    def _keep(
        self, function: Any, tensor: Any, arguments: tuple[int, ...], meaning: Meaning
    ) -> None:
        label = _name(function)
        frame = author(sys._getframe(1))
        source = self._spot(frame, len(self.seen), named=label != "detach")  # what autograd saves
        self._add(tensor, Operation(label, arguments, _held(tensor), "", meaning, source))

    def _add(self, tensor: Any, operation: Operation) -> None:
        if len(self.seen) >= MOST:
            raise TooLarge(
                f"more than {MOST} operations ran while they were recorded; "
                "record a single step of a smaller model"
            )
        self.narrow |= tensor.dtype == self.torch.bfloat16
        self._known[id(tensor)] = len(self.seen), _version(tensor)
        self._waiting.append(len(self.seen))
        self.seen.append(Seen(tensor, operation, not self.torch.is_grad_enabled()))

    def _spot(self, frame: FrameType | None, place: int, named: bool) -> str:
        """Return where the author asks for an operation; the last one there gets its variable."""
        if frame is None:
            return ""
        code = frame.f_code
        if code not in self._stored:
            self._stored[code] = places(code, named=True)
        found = self._stored[code].get(frame.f_lasti)
        if found is not None and named:
            self._names.pop(self._last.get((frame, frame.f_lasti), -1), None)
            self._last = {(frame, frame.f_lasti): place}
            self._names[place] = found.called
        return "" if found is None else str(found.source)

    def name(self, place: int) -> str:
        """Return the variable that took a result, if one did."""
        return next(iter(self._names.get(place, ())), "")


def _meaning(function: Any, flat: Sequence[Any], form: Any, torch: Any) -> Meaning:
    """Return what an operation computes of its tensors; what is not real numbers is as it was."""
    tensors = [k for k, one in enumerate(flat) if torch.is_tensor(one)]
    known = [one if k not in tensors else _fixed(one) for k, one in enumerate(flat)]

    def meant(reading: Reading, *values: Value) -> Any:
        given = dict(zip(tensors, values, strict=True))
        leaves = [given[k] if one is None and k in given else one for k, one in enumerate(known)]
        args, rest = torch.utils._pytree.tree_unflatten(leaves, form)
        return read(reading, function, args, rest)

    return meant


def _fixed(tensor: Any) -> Any:
    """Return a tensor of what are no real numbers as it is now; None for any other."""
    other = tensor.is_floating_point() or tensor.is_meta
    return None if other else tensor.detach().cpu().clone()


def _name(function: Any) -> str:
    """Return what an operation is called."""
    whole = getattr(function, "overloadpacket", function)
    return str(getattr(whole, "__name__", whole)).strip("_")


def author(frame: FrameType | None) -> FrameType | None:
    """Return the innermost frame of the author's own code, or None."""
    while frame is not None and (is_own(frame.f_code) or _is_of_torch(frame)):
        frame = frame.f_back
    return frame


def _is_of_torch(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] == "torch"
