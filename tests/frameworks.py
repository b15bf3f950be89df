"""Graphs run in other people's frameworks, whose gradients are then judged like any stranger's.

A framework is a number system over its own namespaces (`numbers`): operators are Python's on its
arrays, every other row is its own function of that name, or the row's definition where it has
none, as its users would write it. It computes both branches of a choice. Nothing is imported, and
no setting changed, before a gradient is asked for; JAX's double precision is a context around the
call.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np

from adviz.graph.graph import Graph
from adviz.modes.evaluation import evaluated
from adviz.numbers import Numbers
from adviz.numbers.rules import Function

Bits = Literal[32, 64]
Run = Callable[..., Any]
"""A graph's function on a framework's arrays: one number per input, in order."""
Partials = Callable[[Run, Sequence[float], "Namespace"], Sequence[Any]]
"""A framework's own gradient of a run at a point."""

OPERATORS: Mapping[str, Function] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "mod": operator.mod,
    "pow": operator.pow,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
}
"""The rows that every framework's arrays compute by Python's operators."""

WHOLE = 2**31
"""Smaller whole numbers stay Python's, so that x**2 is what each framework makes of a 2."""


@dataclass(frozen=True)
class Framework:
    """One framework: where its functions are, what it calls them, and how it differentiates."""

    name: str
    package: str
    modules: tuple[str, ...]
    """Searched in this order by a row's name."""
    array: Callable[[Any, Any, Bits], Any]
    """Takes the package and a Python number to one of its arrays."""
    partials: Partials
    names: Mapping[str, str | None] = field(default_factory=dict)
    """Only the names that differ: its own, or None where what it has cannot be differentiated."""
    own: Mapping[str, Callable[[Any], Function]] = field(default_factory=dict)
    """Rows for which it has something else, made from the package."""

    @property
    def installed(self) -> bool:
        return find_spec(self.package) is not None

    @property
    def version(self) -> str:
        """The version without what a build adds: 2.13.0 of 2.13.0+cpu."""
        return version(self.package).partition("+")[0]

    def has(self, name: str) -> bool:
        """Return whether a row is the framework's own function."""
        return name in OPERATORS or Namespace(self, 64).found(name) is not None


@dataclass(frozen=True)
class Namespace:
    """A framework's functions in one precision."""

    framework: Framework
    bits: Bits

    @property
    def root(self) -> Any:
        """The package, imported now; its parts that are searched as well."""
        for name in self.framework.modules:
            import_module(name)
        return import_module(self.framework.package)

    def array(self, number: Any) -> Any:
        """Return a Python number as an array; what is an array already stays what it is."""
        plain = isinstance(number, (bool, int, float))
        return self.framework.array(self.root, number, self.bits) if plain else number

    def found(self, name: str) -> Function | None:
        """Return the framework's own function of a row."""
        if name in self.framework.own:
            return self.framework.own[name](self.root)
        wanted = self.framework.names.get(name, name)
        modules = map(import_module, self.framework.modules)
        return next((getattr(m, wanted) for m in modules if wanted and hasattr(m, wanted)), None)

    def native(self, name: str) -> Function | None:
        """Return what computes a row, on arrays and on Python's numbers."""
        if name in OPERATORS:
            return lambda *args: OPERATORS[name](*self._mixed(args))
        found: Any = self.found(name)
        if found is None or not callable(found):  # pi is a number
            return found and (lambda: found)
        return lambda *args: found(*map(self.array, args))

    def _mixed(self, args: Sequence[Any]) -> Sequence[Any]:
        """Return operands as they are, unless none of them is an array yet."""
        lifted = [self.array(argument) for argument in args]
        untouched = any(one is other for one, other in zip(args, lifted, strict=True))
        return args if untouched else lifted

    @property
    def numbers(self) -> Numbers:
        """The framework as a number system."""
        return Numbers(
            name=self.framework.name,
            native=self.native,
            constant=lambda v: v if isinstance(v, int) and abs(v) < WHOLE else float(v),
            finite=lambda _: True,
            isnan=lambda _: False,
            many=True,
            eager=True,
        )


def run(graph: Graph, namespace: Namespace) -> Run:
    """Return a graph's only output as a function of a framework's arrays."""
    numbers = namespace.numbers.over(graph.rows)
    (output,) = graph.outputs.values()

    def function(*arrays: Any) -> Any:
        found = evaluated(graph, numbers, dict(zip(graph.inputs, arrays, strict=True)))
        return namespace.array(found[output])

    return function


def gradient(
    framework: Framework, graph: Graph, bits: Bits = 64
) -> Callable[..., dict[str, float]]:
    """Return a framework's gradient of a graph: from floats, by input."""
    namespace = Namespace(framework, bits)
    function = run(graph, namespace)

    def of(*point: float) -> dict[str, float]:
        partials = framework.partials(function, point, namespace)
        return {name: float(p) for name, p in zip(graph.inputs, partials, strict=True)}

    return of


# --- JAX ---------------------------------------------------------------------------------------


def _jax_array(jax: Any, number: Any, bits: Bits) -> Any:
    return jax.numpy.asarray(number, dtype=None if isinstance(number, bool) else f"float{bits}")


def _jax_partials(function: Run, point: Sequence[float], namespace: Namespace) -> Sequence[Any]:
    jax = namespace.root
    with jax.enable_x64(namespace.bits == 64):
        arrays = [namespace.array(x) for x in point]
        return [x.item() for x in jax.grad(function, argnums=tuple(range(len(point))))(*arrays)]


# --- PyTorch -----------------------------------------------------------------------------------


def _torch_array(torch: Any, number: Any, bits: Bits) -> Any:
    dtype = torch.bool if isinstance(number, bool) else getattr(torch, f"float{bits}")
    return torch.tensor(number, dtype=dtype)


def _torch_partials(function: Run, point: Sequence[float], namespace: Namespace) -> Sequence[Any]:
    arrays = [namespace.array(x).requires_grad_() for x in point]
    value = function(*arrays)
    if not value.requires_grad:  # a constant
        return [0.0] * len(point)
    found: Sequence[Any] = namespace.root.autograd.grad(value, arrays, materialize_grads=True)
    return found


def _torch_leaky_relu(torch: Any) -> Function:
    """Return its leaky ReLU, whose slope is a plain number; a slope to learn is written out."""

    def leaky_relu(x: Any, a: Any) -> Any:
        if a.requires_grad:
            return torch.where(x > 0, x, a * x)
        return torch.nn.functional.leaky_relu(x, a.item())

    return leaky_relu


def _torch_gamma(torch: Any) -> Function:
    """Return the gamma function from the logarithm of its size, which is all that there is."""

    def gamma(x: Any) -> Any:
        sign = torch.where(x > 0, 1.0, 1.0 - 2.0 * (torch.floor(x) % 2))
        return sign * torch.exp(torch.lgamma(x))

    return gamma


# --- autograd ----------------------------------------------------------------------------------


def _numpy_array(_: Any, number: Any, bits: Bits) -> Any:
    return np.bool_(number) if isinstance(number, bool) else np.dtype(f"float{bits}").type(number)


def _autograd_partials(
    function: Run, point: Sequence[float], namespace: Namespace
) -> Sequence[Any]:
    arrays = [namespace.array(x) for x in point]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # that the output does not depend on the input
        found: Sequence[Any] = namespace.root.grad(function, tuple(range(len(point))))(*arrays)
    return found


# --- TensorFlow --------------------------------------------------------------------------------


def _tensorflow_array(tf: Any, number: Any, bits: Bits) -> Any:
    return tf.constant(number, dtype="bool" if isinstance(number, bool) else f"float{bits}")


def _tensorflow_partials(
    function: Run, point: Sequence[float], namespace: Namespace
) -> Sequence[Any]:
    arrays = [namespace.array(x) for x in point]
    with namespace.root.GradientTape() as tape:
        tape.watch(arrays)
        value = function(*arrays)
    found: Sequence[Any] = tape.gradient(value, arrays, unconnected_gradients="zero")
    return found


# --- the table ---------------------------------------------------------------------------------

LOGICAL = {"and": "logical_and", "or": "logical_or", "not": "logical_not"}
EXTREMES = {"min": "minimum", "max": "maximum"}

JAX = Framework(
    "JAX",
    "jax",
    ("jax.numpy", "jax.scipy.special", "jax.nn"),
    _jax_array,
    _jax_partials,
    names={**LOGICAL, **EXTREMES, "floordiv": "floor_divide", "lgamma": "gammaln"}
    | {"logsigmoid": "log_sigmoid", "softsign": "soft_sign"},
    own={
        "sinc": lambda jax: lambda x: jax.numpy.sinc(x / jax.numpy.pi),
        "heaviside": lambda jax: lambda x: jax.numpy.heaviside(x, 0.5),
        "frac": lambda jax: lambda x: x - jax.numpy.floor(x),
        "gelu": lambda jax: lambda x: jax.nn.gelu(x, approximate=False),
    },
)

TORCH = Framework(
    "PyTorch",
    "torch",
    ("torch", "torch.special", "torch.nn.functional"),
    _torch_array,
    _torch_partials,
    names={**LOGICAL, **EXTREMES, "floordiv": "floor_divide", "heaviside": None}
    | {"degrees": "rad2deg", "radians": "deg2rad"},
    own={
        "sinc": lambda torch: lambda x: torch.sinc(x / torch.pi),
        "leaky_relu": _torch_leaky_relu,
        "polygamma": lambda torch: lambda n, x: torch.polygamma(int(n), x),
        "gamma": _torch_gamma,
    },
)

AUTOGRAD = Framework(
    "autograd",
    "autograd",
    ("autograd.numpy", "autograd.scipy.special"),
    _numpy_array,
    _autograd_partials,
    names={**LOGICAL, **EXTREMES, "lgamma": "gammaln", "sigmoid": "expit"}
    | dict.fromkeys(("cbrt", "copysign", "fmod", "clip", "heaviside")),
    own={"sinc": lambda autograd: lambda x: autograd.numpy.sinc(x / np.pi)},
)

TENSORFLOW = Framework(
    "TensorFlow",
    "tensorflow",
    ("tensorflow.math", "tensorflow", "tensorflow.nn"),
    _tensorflow_array,
    _tensorflow_partials,
    names={**LOGICAL, **EXTREMES, "logsigmoid": "log_sigmoid", "trunc": None},
    own={"leaky_relu": lambda tf: lambda x, a: tf.nn.leaky_relu(x, float(a))},
)

FRAMEWORKS: tuple[Framework, ...] = (JAX, TORCH, AUTOGRAD, TENSORFLOW)
