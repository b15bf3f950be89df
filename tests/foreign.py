"""The frameworks that tests meet: which are installed, their marks, and arrays of theirs.

`pytest -m jax` runs the tests of one framework. In continuous integration autograd and CasADi must
be installed; JAX and PyTorch are, where the registry offers them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PEERS = ("jax", "torch", "autograd", "casadi")
ALWAYS = ("autograd", "casadi")
"""What continuous integration must not skip."""


def needs(package: str) -> list[pytest.MarkDecorator]:
    """Return the marks of a test of a framework: its own, and that it must be installed."""
    if package not in PEERS:
        return []
    skipped = find_spec(package) is None and not (os.environ.get("CI") and package in ALWAYS)
    reason = f"{package} IS NOT INSTALLED, so nothing of it was tested: pip install {package}"
    return [getattr(pytest.mark, package), pytest.mark.skipif(skipped, reason=reason)]


def each(*packages: str) -> pytest.MarkDecorator:
    """Return a test made one of each framework, as `package`."""
    marked = [pytest.param(one, marks=needs(one), id=one) for one in packages]
    return pytest.mark.parametrize("package", marked)


def _tensor(value: Any) -> Any:
    import torch

    return torch.tensor(value, dtype=torch.float64)


ARRAY: Mapping[str, Callable[[Any], Any]] = {
    "jax": lambda value: import_module("jax.numpy").asarray(value),
    "torch": _tensor,
    "autograd": np.asarray,
    "casadi": lambda value: import_module("casadi").DM(value),
    "numpy": np.asarray,
    "sympy": float,
}
"""A number or nested list as an array of each framework."""


@contextmanager
def doubles(package: str) -> Iterator[None]:
    """Let JAX compute in double precision meanwhile."""
    if package != "jax":
        yield
        return
    with import_module("jax").enable_x64(True):
        yield


def _torch_gradient(function: Callable[..., Any], at: Sequence[float]) -> Sequence[Any]:
    import torch

    leaves = [_tensor(x).requires_grad_() for x in at]
    found: Sequence[Any] = torch.autograd.grad(function(*leaves), leaves, materialize_grads=True)
    return found


def _casadi_gradient(function: Any, at: Sequence[float]) -> Sequence[Any]:
    import casadi

    places = [casadi.SX.sym(f"a{k}") for k in range(len(at))]
    slope = casadi.Function(
        "slope", places, [casadi.gradient(function(*places), casadi.vertcat(*places))]
    )
    return list(np.asarray(slope(*at)).ravel())


GRADIENT: Mapping[str, Callable[[Any, Sequence[float]], Sequence[Any]]] = {
    "jax": lambda f, at: import_module("jax").grad(f, tuple(range(len(at))))(*map(float, at)),
    "torch": _torch_gradient,
    "autograd": lambda f, at: import_module("autograd").grad(f, tuple(range(len(at))))(*at),
    "casadi": _casadi_gradient,
}
"""Each framework's own gradient of a function of numbers."""


def examples(framework: str) -> list[tuple[str, str]]:
    """Return the examples of docs/peers.md that a framework is needed for, and what they print."""
    page = (Path(__file__).parent.parent / "docs/peers.md").read_text("utf-8")
    found = re.findall(r"```python\n((?!>>>).*?)```\n\n```\n(.*?)```", page, re.DOTALL)
    package = {"PyTorch": "torch", "JAX": "jax"}[framework]
    wanted = [
        (code, said) for code, said in found if re.search(rf"^import .*{package}", code, re.M)
    ]
    assert wanted, framework
    return wanted


def run(code: str) -> str:
    """Return what an example prints, without blanks at the ends of lines and of empty lines."""
    with redirect_stdout(StringIO()) as said:
        exec(code, {"__name__": "example"})  # noqa: S102 - of our own documentation
    lines = said.getvalue().strip("\n").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)
