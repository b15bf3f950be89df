"""The frameworks: arrays of theirs from numbers, and their own derivative of their own function.

A framework is imported by whoever made the function; nothing here imports it before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from adviz.numbers.precisions import FLOAT64, FORMATS, Precision, format_of

Run = Callable[[Any], Any]
"""Takes the inputs as one vector of a framework to the outputs as another."""


@dataclass(frozen=True)
class Framework:
    """One framework, as a row of the table."""

    name: str
    roots: tuple[str, ...]
    """The packages whose objects are its own; the first is the one that one imports."""
    array: Callable[[Any, Precision], Any]
    """Takes a number, or a list of numbers or of its own, to its array of a format."""
    jacobian: Callable[[Run, Any], Any]
    """Its derivative of a function of a vector, at an array: outputs by inputs."""
    reshaped: Callable[[Any, tuple[int, ...]], Any] = lambda made, shape: made.reshape(shape)
    """Takes an array of its own to a shape, row by row."""
    plain: Callable[[Any], Any] = lambda result: result
    """Takes what a function gives to numbers and arrays that have their shapes."""
    leaf: Callable[[Any], Any] = lambda made: made
    """Takes an array that was made of others to one that is an input itself."""
    format: Callable[[Any], Precision] = lambda _: FLOAT64
    """The format that a function computes in, unless another one is asked for."""
    value: int = 0
    """Where the value stands in a pair of value and gradient."""
    remark: str = ""
    """Why its numbers have fewer bits than a double, where it decides that by itself."""

    @property
    def package(self) -> ModuleType:
        """The package, which has been imported by whoever uses it."""
        return import_module(self.roots[0])


# --- JAX -----------------------------------------------------------------------------------------


def _jax_array(value: Any, precision: Precision) -> Any:
    jax: Any = import_module("jax")
    listed = isinstance(value, list) and any(isinstance(one, jax.Array) for one in value)
    made = jax.numpy.stack(value) if listed else jax.numpy.asarray(value, float)
    return made if precision == FLOAT64 else made.astype(precision.name)


def _jax_jacobian(run: Run, at: Any) -> Any:
    return import_module("jax").jacrev(run)(at)


def _jax_format(_: Any) -> Precision:
    doubles = import_module("jax").config.jax_enable_x64
    return FLOAT64 if doubles else FORMATS["float32"]


# --- PyTorch -------------------------------------------------------------------------------------


def _torch_array(value: Any, precision: Precision) -> Any:
    """Return a leaf, whose own gradient a function may ask for by a backward pass."""
    torch: Any = import_module("torch")
    if isinstance(value, list) and any(map(torch.is_tensor, value)):
        return torch.stack(value)
    return torch.tensor(value, dtype=getattr(torch, precision.name), requires_grad=True)


def _torch_jacobian(run: Run, at: Any) -> Any:
    """Return a backward pass for every output."""
    torch: Any = import_module("torch")
    leaf = at.detach().requires_grad_()
    rows = [
        torch.autograd.grad(one, leaf, retain_graph=True)[0]
        if one.requires_grad
        else torch.zeros_like(leaf)
        for one in run(leaf)
    ]
    return torch.stack(rows)


def _torch_format(function: Any) -> Precision:
    """Return the format of a module's parameters, which decides that of all it computes."""
    held = getattr(function, "parameters", None)
    first = next(iter(held()), None) if callable(held) else None
    return format_of(getattr(first, "dtype", float)) or FLOAT64


# --- autograd ------------------------------------------------------------------------------------


def _autograd_array(value: Any, precision: Precision) -> Any:
    if isinstance(value, list):
        made = import_module("autograd.numpy").array(value)
        return made if precision == FLOAT64 else made.astype(precision.name)
    return np.dtype(precision.name).type(value)


def _autograd_jacobian(run: Run, at: Any) -> Any:
    return import_module("autograd").jacobian(run)(at)


# --- CasADi --------------------------------------------------------------------------------------


def _casadi_array(value: Any, _: Precision) -> Any:
    casadi: Any = import_module("casadi")
    symbolic = isinstance(value, list) and any(isinstance(one, casadi.MX) for one in value)
    return casadi.vertcat(*value) if symbolic else casadi.DM(value)


def _casadi_jacobian(run: Run, at: Any) -> Any:
    """Return its symbolic derivative, at the point."""
    casadi: Any = import_module("casadi")
    place = casadi.MX.sym("x", at.numel())
    slopes = casadi.Function("slopes", [place], [casadi.jacobian(run(place), place)])
    return slopes(at).full()


def _casadi_reshaped(made: Any, shape: tuple[int, ...]) -> Any:
    """Return a vector as a matrix, which CasADi fills column by column."""
    return made if len(shape) < 2 else import_module("casadi").reshape(made, shape[::-1]).T


def _casadi_plain(result: Any) -> Any:
    """Return a matrix as an array; of one row or column as a vector, of one element as a number."""
    if isinstance(result, list | tuple):
        return [_casadi_plain(part) for part in result]
    found = result.full()
    return found if min(found.shape) > 1 else found.ravel() if found.size != 1 else found.item()


JAX = Framework(
    "JAX", ("jax", "jaxlib"), _jax_array, _jax_jacobian, format=_jax_format,
    remark="JAX computes in it while jax_enable_x64 is off",
)  # fmt: skip
TORCH = Framework(
    "PyTorch", ("torch", "functorch"), _torch_array, _torch_jacobian, format=_torch_format, value=1,
    leaf=lambda made: made.detach().requires_grad_(),
    remark="it is that of the module's parameters",
)  # fmt: skip
AUTOGRAD = Framework("autograd", ("autograd",), _autograd_array, _autograd_jacobian)
CASADI = Framework(
    "CasADi", ("casadi",), _casadi_array, _casadi_jacobian, _casadi_reshaped, _casadi_plain
)
FRAMEWORKS = (JAX, TORCH, AUTOGRAD, CASADI)


def flat(result: Any) -> list[Any]:
    """Return the numbers of a framework's result, or of several, in order; still its own."""
    if isinstance(result, list | tuple):
        return [one for part in result for one in flat(part)]
    if type(result).__module__.partition(".")[0] == "casadi":
        return [result[k] for k in range(result.numel())]
    return list(result.reshape(-1)) if getattr(result, "shape", ()) else [result]


def floats(result: Any) -> Sequence[float]:
    """Return the numbers of a framework's result as floats."""
    return [float(one.item() if hasattr(one, "item") else one) for one in flat(result)]
