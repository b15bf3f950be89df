"""PyTorch watched while it trains: operations below autograd, and calls that start a backward pass."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from types import FrameType
from typing import Any

from adviz.checking.recording.backward import Backward
from adviz.checking.recording.forward import Forward, author
from adviz.checking.recording.recorded import Pass
from adviz.errors import AdvizError


class Watcher:
    """Records what runs while it is entered, and hands every backward pass on when it is over."""

    def __init__(self, done: Callable[[Pass], None], names: Mapping[str, Any] | None = None) -> None:
        self.forward, self.done = Forward(), done
        self.names = dict(names or {})
        self._now: Backward | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Watcher:
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
        roots = self._roots(function, args, rest)
        if not roots:
            return function(*args, **rest)
        with self.forward.quiet():
            self.forward.resolve()
            frame = author(sys._getframe(1))
            now = Backward(self.forward, roots)
        self._now = now
        try:
            result = function(*args, **rest)
        finally:
            self._now = None
            now.end()
        with self.forward.quiet():
            self.done(now.finished(_named([self.names, *_variables(frame)], self.forward.torch)))
        return result

    def _roots(self, function: Any, args: Any, rest: Any) -> Sequence[Any]:
        """Return the tensors that a call differentiates, none of any other call."""
        torch = self.forward.torch
        starting = {
            torch.Tensor.backward: "self", torch.autograd.backward: "tensors",
            torch.autograd.grad: "outputs",
        }  # fmt: skip
        if function not in starting:
            return ()
        given = args[0] if args else rest.get(starting[function])
        roots = [given] if torch.is_tensor(given) else [*(given or ())]
        return [root for root in roots if torch.is_tensor(root) and root.grad_fn is not None]


def modes(watcher: Watcher) -> Iterator[Any]:
    """Yield PyTorch's own two ways of being watched, above autograd and below."""
    overrides: Any = import_module("torch.overrides")
    dispatch: Any = import_module("torch.utils._python_dispatch")

    class Above(overrides.TorchFunctionMode):  # type: ignore[misc]  # PyTorch has no types here
        def __torch_function__(self, function: Any, _: Any, args: Any = (), rest: Any = None) -> Any:
            return watcher.called(function, args, rest or {})

    class Below(dispatch.TorchDispatchMode):  # type: ignore[misc]  # as above
        def __torch_dispatch__(self, function: Any, _: Any, args: Any = (), rest: Any = None) -> Any:
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
        for module in modules.values():
            for name, tensor in (*module.named_parameters(), *module.named_buffers()):
                found.setdefault(id(tensor), name.replace(".", "_"))
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
                yield (key if str(key).isidentifier() else f"{name}_{key}"), one


def run(function: Any, args: Sequence[Any], names: Mapping[str, Any], cotangent: Any) -> Pass:
    """Run a function or a module and a backward pass from what it gives; return the pass."""
    torch: Any = import_module("torch")
    passes: list[Pass] = []
    module = {"module": function} if isinstance(function, torch.nn.Module) else {}
    with Watcher(passes.append, {**names, **module}):
        result = function(*args)
        if not torch.is_tensor(result) or not result.requires_grad:
            raise AdvizError(
                "watch needs a function that gives one tensor with a gradient; let an argument have "
                "requires_grad=True"
            )
        result.backward(torch.ones_like(result) if cotangent is None else cotangent)
    return passes[0]
