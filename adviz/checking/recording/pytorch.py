"""PyTorch watched while it runs: operations, and calls that start a backward pass."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from importlib import import_module
from itertools import zip_longest
from types import FrameType
from typing import Any, NamedTuple

from adviz.checking.recording.backward import Backward
from adviz.checking.recording.forward import Forward, author
from adviz.checking.recording.recorded import Pass, weights
from adviz.checking.verdicts.frameworks.untouched import untouched
from adviz.errors import AdvizError

_WATCHED: ContextVar[bool] = ContextVar("watched", default=False)
"""Whether somebody watches here: two would record each other."""


class Watcher:
    """Records what runs while it is entered, and hands every backward pass on when it is over."""

    def __init__(
        self, done: Callable[[Pass], None], names: Mapping[str, Any] | None = None
    ) -> None:
        self.forward, self.done = Forward(), done
        self.names = dict(names or {})
        self._now: Backward | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Watcher:
        if _WATCHED.get():
            raise AdvizError(
                "PyTorch is watched already; watching() stands in no other watching(), "
                "and watch() in none"
            )
        token = _WATCHED.set(True)
        self._stack.callback(_WATCHED.reset, token)
        for mode in modes(self):
            self._stack.enter_context(mode)
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def operation(self, function: Any, args: Any, rest: Any) -> Any:
        """Run an operation below autograd and record it."""
        if self.forward.busy:
            return function(*args, **rest)
        if self._now is None:
            return self.forward.run(function, args, rest)
        result = function(*args, **rest)
        with self.forward.quiet():
            self._now.ran(function, args, result)
        return result

    def called(self, function: Any, args: Any, rest: Any) -> Any:
        """Run a function of PyTorch's own; one that starts a backward pass is watched."""
        if self.forward.busy or self._now is not None:
            return function(*args, **rest)
        start = _START.get(getattr(function, "__qualname__", ""))
        now = self._begun(start, args, rest) if start and _is_of_torch(function) else None
        if now is None:
            return function(*args, **rest)
        frame, self._now = author(sys._getframe(1)), now
        try:
            result = function(*args, **rest)
        finally:
            self._now = None
            now.end()
        with self.forward.quiet():
            scopes = [self.names, *_variables(frame)]
            self.done(now.finished(_named(scopes, self.forward.torch)))
        return result

    def _begun(
        self, start: _Start, args: Sequence[Any], rest: Mapping[str, Any]
    ) -> Backward | None:
        """Begin to watch a backward pass; None where there is nothing to go back through."""
        torch = self.forward.torch
        with self.forward.quiet():
            self.forward.resolve()
            roots = _listed(start.given(0, start.roots, args, rest))
            seeds = _listed(start.given(start.place, start.seeds, args, rest))
            pairs = [
                (root, torch.ones_like(root) if seed is None else seed)
                for root, seed in zip_longest(roots, seeds)
                if torch.is_tensor(root) and root.grad_fn is not None
            ]
            partly = start.partly or rest.get("inputs") is not None
            return Backward(self.forward, pairs, partly) if pairs else None


class _Start(NamedTuple):
    """A function of PyTorch's that starts a backward pass, and what it is told."""

    roots: str
    seeds: str
    place: int
    """Where the seeds stand among its arguments."""
    partly: bool = False
    """Whether it goes back to some leaves only."""

    def given(self, place: int, name: str, args: Sequence[Any], rest: Mapping[str, Any]) -> Any:
        """Return an argument, wherever it is."""
        return args[place] if place < len(args) else rest.get(name)


_START = {
    "Tensor.backward": _Start("self", "gradient", 1),
    "backward": _Start("tensors", "grad_tensors", 1),
    "grad": _Start("outputs", "grad_outputs", 2, partly=True),
}
"""By the name that PyTorch itself gives each."""


def _is_of_torch(function: Any) -> bool:
    return str(getattr(function, "__module__", "")) in ("torch._tensor", "torch.autograd")


def _listed(given: Any) -> list[Any]:
    """Return one or several as a list."""
    return [*given] if isinstance(given, list | tuple) else [] if given is None else [given]


def modes(watcher: Watcher) -> Iterator[Any]:
    """Yield PyTorch's own two ways of being watched, above autograd and below."""
    overrides: Any = import_module("torch.overrides")
    dispatch: Any = import_module("torch.utils._python_dispatch")

    class Above(overrides.TorchFunctionMode):  # type: ignore[misc]  # PyTorch has no types here
        def __torch_function__(
            self, function: Any, _: Any, args: Any = (), rest: Any = None
        ) -> Any:
            return watcher.called(function, args, rest or {})

    class Below(dispatch.TorchDispatchMode):  # type: ignore[misc]  # as above
        def __torch_dispatch__(
            self, function: Any, _: Any, args: Any = (), rest: Any = None
        ) -> Any:
            return watcher.operation(function, args, rest or {})

    yield Above()
    yield Below()


def _variables(frame: FrameType | None) -> Iterator[Mapping[str, Any]]:
    """Yield the variables around a frame, the nearest first."""
    if frame is not None:
        yield frame.f_locals
        yield frame.f_globals


def _named(scopes: Sequence[Mapping[str, Any]], torch: Any) -> Mapping[int, str]:
    """Return what tensors are called in some scopes, and the parameters of modules there, by id."""
    found: dict[int, str] = {}
    for scope in scopes:
        modules = {n: one for n, one in scope.items() if isinstance(one, torch.nn.Module)}
        for name, one in scope.items():
            for part, tensor in _tensors(name, one, torch):
                found.setdefault(id(tensor), part)
        for name, module in modules.items():
            for path, tensor in (*module.named_parameters(), *module.named_buffers()):
                part = path.replace(".", "_")
                found.setdefault(id(tensor), part if part.isidentifier() else f"{name}_{part}")
    return found


def _tensors(name: str, value: Any, torch: Any) -> Iterator[tuple[str, Any]]:
    """Yield the tensors that a variable holds, itself or in a list or dictionary."""
    if torch.is_tensor(value):
        yield name, value
    elif isinstance(value, list | tuple):
        yield from ((f"{name}{k}", one) for k, one in enumerate(value) if torch.is_tensor(one))
    elif isinstance(value, dict):
        for key, one in value.items():
            if torch.is_tensor(one):
                yield (str(key) if str(key).isidentifier() else f"{name}_{key}"), one


def run(function: Any, args: Sequence[Any], names: Sequence[str], cotangent: Any) -> Pass:
    """Run a function or a module and a backward pass from what it gives; return the pass."""
    torch: Any = import_module("torch")
    passes: list[Pass] = []
    module = {"module": function} if isinstance(function, torch.nn.Module) else {}
    leaves = _leaves(args, torch, bool(module))
    known = {**dict(zip(names, leaves, strict=True)), **module}
    with untouched(function), Watcher(passes.append, known):
        result = function(*leaves)
        if not torch.is_tensor(result) or result.grad_fn is None:
            raise AdvizError(
                "watch needs a function that gives one tensor, with something to differentiate by; "
                f"this gives {type(result).__name__}"
            )
        seed = torch.tensor(weights(cotangent, tuple(result.shape)), dtype=result.dtype)
        with _gradients_kept(result):
            torch.autograd.backward([result], [seed.to(result.device)])
    return passes[0]


@contextmanager
def _gradients_kept(result: Any) -> Iterator[None]:
    """Leave the gradients of all leaves that a backward pass reaches as they were."""
    leaves, stack, met = [], [result.grad_fn], set[Any]()
    while stack:
        function = stack.pop()
        if function is not None and function not in met:
            met.add(function)
            leaves += [function.variable] if hasattr(function, "variable") else []
            stack += [following for following, _ in function.next_functions]
    before = [leaf.grad for leaf in leaves]
    for leaf in leaves:
        leaf.grad = None
    try:
        yield
    finally:
        for leaf, gradient in zip(leaves, before, strict=True):
            leaf.grad = gradient


def _leaves(args: Sequence[Any], torch: Any, module: bool) -> list[Any]:
    """Return arguments with something to differentiate by: all floats, where nothing asks."""
    asked = module or any(torch.is_tensor(one) and one.requires_grad for one in args)
    return [one if asked else _leaf(one, torch) for one in args]


def _leaf(value: Any, torch: Any) -> Any:
    """Return a tensor of floats, or a float, as a leaf to differentiate by; all else as it is."""
    if isinstance(value, float):
        return torch.tensor(value, requires_grad=True)
    floats = torch.is_tensor(value) and value.is_floating_point()
    return value.detach().clone().requires_grad_() if floats else value
