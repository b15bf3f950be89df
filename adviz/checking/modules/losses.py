"""A framework's function as one number of many: its inputs and parameters, and its own gradient.

Of several outputs the number is their sum, each times a weight of its own, so that a mistake in any
row of the Jacobian shows.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np

from adviz.checking.verdicts.calling import parameters_of
from adviz.checking.verdicts.frameworks.framework import JAX, TORCH, Framework
from adviz.checking.verdicts.frameworks.recognised import framework_at
from adviz.errors import AdvizError
from adviz.language.asked import shown

Arrays = Mapping[str, Any]
"""NumPy arrays of doubles, by what they are called."""


@dataclass(frozen=True)
class Loss:
    """A function of arrays that gives one number, and what its framework says of its slopes."""

    at: Arrays
    """Where it is looked at."""
    value: Callable[[Arrays], float]
    gradient: Callable[[Arrays], Arrays]
    drawn: Callable[[], bytes] = bytes
    """How far the framework's random numbers have come, where it counts them for everybody."""


def loss(function: Any, inputs: Any, seed: int, parameters: bool) -> Loss:
    """Return a framework's function at some inputs, in double precision.

    It is one of its inputs, and of its `parameters` where these are asked for.

    Raises AdvizError for what is neither of JAX nor of PyTorch, and without a floating-point input.
    """
    given = [*inputs] if isinstance(inputs, list | tuple) else [inputs]
    framework = framework_at(function, given)
    makers: Mapping[Framework | None, Callable[..., Loss]] = {TORCH: _of_torch, JAX: _of_jax}
    if framework not in makers:
        raise AdvizError(
            f"check_module takes a function of PyTorch or JAX, such as a torch.nn.Module, a "
            f"torch.autograd.Function or a jax.custom_vjp, not {shown(function)}; tensors or JAX's "
            "arrays among the inputs say whose it is"
        )
    made = makers[framework](function, given, seed, parameters)
    if not made.at:
        raise AdvizError("check_module needs an input of floating-point numbers")
    return made


def _named(function: Any, given: Sequence[Any]) -> list[str]:
    """Return what the inputs are called: as the function's parameters, else by their place."""
    names = parameters_of(function) or []
    fitting = names[len(names) - len(given) :]  # what a rule's context stands before
    return fitting if len(fitting) == len(given) else [f"input{k}" for k in range(len(given))]


@lru_cache(maxsize=4)
def _weights(count: int, seed: int) -> list[float]:
    """Return a weight for each output, 1 of a single one."""
    source = random.Random(seed)  # noqa: S311 - numbers to tell outputs apart, not secrets
    return [1.0] if count == 1 else [source.uniform(0.5, 1.5) for _ in range(count)]


# --- PyTorch -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _OfTorch:
    """A function of PyTorch: what it is given, and what its module holds, in doubles."""

    function: Any
    names: Sequence[str]
    fixed: Mapping[str, Any]
    held: Mapping[str, Any]
    """The parameters of a module, by name."""
    buffers: Mapping[str, Any]

    def __call__(self, leaves: Mapping[str, Any]) -> list[Any]:
        """Return the results, some arguments and parameters replaced; buffers are new each time."""
        torch: Any = import_module("torch")
        arguments = [
            leaves[name] if name in leaves else _copied(self.fixed[name]) for name in self.names
        ]
        if isinstance(self.function, torch.nn.Module):
            buffers = {name: one.clone() for name, one in self.buffers.items()}
            state = {**buffers, **{name: leaves.get(name, one) for name, one in self.held.items()}}
            result = torch.func.functional_call(self.function, state, tuple(arguments))
        else:
            result = self.function(*arguments)
        return [*result] if isinstance(result, list | tuple) else [result]


def _given_to_torch(function: Any, given: Sequence[Any]) -> _OfTorch:
    torch: Any = import_module("torch")
    own = isinstance(function, type) and issubclass(function, torch.autograd.Function)
    names = _named(function.forward if own else function, given)
    fixed = {name: _double(one) for name, one in zip(names, given, strict=True)}
    if not isinstance(function, torch.nn.Module):
        return _OfTorch(function.apply if own else function, names, fixed, {}, {})
    kinds = (function.named_parameters(), function.named_buffers())
    held, buffers = ({name: _double(one) for name, one in each} for each in kinds)
    return _OfTorch(function, names, fixed, held, buffers)


def _of_torch(function: Any, given: Sequence[Any], seed: int, parameters: bool) -> Loss:
    torch: Any = import_module("torch")
    call = _given_to_torch(function, given)

    def run(leaves: Mapping[str, Any]) -> Any:
        numbers = torch.cat([part.reshape(-1) for part in call(leaves)])
        return (numbers * torch.tensor(_weights(len(numbers), seed), dtype=numbers.dtype)).sum()

    def leaves(at: Arrays) -> dict[str, Any]:
        return {n: torch.tensor(one, requires_grad=True) for n, one in at.items()}

    def value(at: Arrays) -> float:
        with torch.no_grad():
            return float(run(leaves(at)))

    def gradient(at: Arrays) -> Arrays:
        made = leaves(at)
        with _differentiating(TORCH):
            found = torch.autograd.grad(run(made), [*made.values()], allow_unused=True)
        return {
            n: np.zeros_like(at[n]) if g is None else g.detach().numpy()
            for n, g in zip(made, found, strict=True)
        }

    def drawn() -> bytes:
        return bytes(torch.get_rng_state().numpy())

    floats = {n: x for n, x in call.fixed.items() if torch.is_tensor(x) and x.is_floating_point()}
    every = {**floats, **(call.held if parameters else {})}
    return Loss({n: x.detach().numpy().copy() for n, x in every.items()}, value, gradient, drawn)


def _double(value: Any) -> Any:
    """Return a tensor of doubles in the place of a number, array or tensor of floats."""
    torch: Any = import_module("torch")
    if isinstance(value, float | np.ndarray | list):
        value = torch.as_tensor(np.asarray(value))
    floats = torch.is_tensor(value) and value.is_floating_point()
    return value.detach().double() if floats else value


def _copied(value: Any) -> Any:
    """Return a tensor that a call may change; all else as it is."""
    return value.clone() if hasattr(value, "clone") else value


# --- JAX -----------------------------------------------------------------------------------------


def _of_jax(function: Any, given: Sequence[Any], seed: int, _: bool) -> Loss:
    jax: Any = import_module("jax")
    names = _named(function, given)
    fixed = dict(zip(names, given, strict=True))
    at = {name: np.asarray(one, float) for name, one in fixed.items() if _is_floating(one)}

    def run(arrays: Arrays) -> Any:
        result = function(*(arrays.get(name, fixed[name]) for name in names))
        numbers = jax.numpy.concatenate([x.reshape(-1) for x in jax.tree.leaves(result)])
        return (numbers * np.array(_weights(len(numbers), seed))).sum()

    def arrays(given: Arrays) -> dict[str, Any]:
        return {name: jax.numpy.asarray(one) for name, one in given.items()}

    def value(given: Arrays) -> float:
        with jax.enable_x64(True):
            return float(run(arrays(given)))

    def gradient(given: Arrays) -> Arrays:
        with jax.enable_x64(True), _differentiating(JAX):
            return {n: np.asarray(g) for n, g in jax.grad(run)(arrays(given)).items()}

    return Loss(at, value, gradient)


def _is_floating(value: Any) -> bool:
    """Return whether an argument is one of floating-point numbers; a random key is none."""
    kind = getattr(value, "dtype", None)
    return np.asarray(value).dtype.kind == "f" if kind is None else "float" in str(kind)


@contextmanager
def _differentiating(framework: Framework) -> Iterator[None]:
    """Tell what a framework says of a rule that does not fit, in one error."""
    try:
        yield
    except (RuntimeError, TypeError, ValueError, AssertionError) as error:
        told = str(error).strip().partition("\n")[0] or type(error).__name__
        raise AdvizError(
            f"{framework.name} gives a value here, but no derivative: {told}"
        ) from error
