"""A module of PyTorch as a function of its arguments and of the parameters that are trained."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, eq=False)
class Trained:
    """A module that takes its parameters as arguments, by the names of inputs."""

    module: Any
    arguments: Sequence[str]
    held: Mapping[str, str]
    """What the module itself calls each parameter, by the name of the input."""

    def __call__(self, *arrays: Any) -> Any:
        """Return what the module gives."""
        known = dict(zip(self.arguments, arrays, strict=True))
        given = tuple(array for name, array in known.items() if name not in self.held)
        state = {own: known[name] for name, own in self.held.items()}
        return import_module("torch").func.functional_call(self.module, state, given)


def of_parameters(function: Any, arguments: Sequence[str]) -> Any:
    """Return a module as a function of its parameters too, where these are among the arguments."""
    torch: Any = sys.modules.get("torch")
    if torch is None or not isinstance(function, torch.nn.Module):
        return function
    from adviz.sources.frameworks.torch import parameters

    own = {id(one): name for name, one in function.named_parameters()}
    held = {name: own[id(one)] for name, one in parameters(function).items() if name in arguments}
    return Trained(function, arguments, held) if held else function
