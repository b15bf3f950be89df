"""PyTorch's side of reading: a module or function exported, and called in double precision."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from importlib import import_module
from io import StringIO
from typing import Any

import numpy as np

from adviz.errors import GraphError
from adviz.sources.frameworks.aten import KNOWN
from adviz.sources.frameworks.aten.operation import operation_name
from adviz.sources.frameworks.called import Called, traced_by
from adviz.sources.frameworks.exported import ExportedReading
from adviz.sources.frameworks.reading import Reading, Value, plain


def signed(function: Any) -> Callable[..., Any]:
    """Return what has the parameters of a function: of a module its `forward`."""
    return getattr(function, "forward", function)  # type: ignore[no-any-return]  # a method


def parameters(function: Any) -> dict[str, Any]:
    """Return the parameters of a module that are trained, by the names of inputs.

    Raises GraphError where two would have one name, and where one has no shape yet.
    """
    found: dict[str, Any] = {}
    for name, held in _trained(function):
        if import_module("torch").nn.parameter.is_lazy(held):
            raise GraphError(
                f"{name} of {type(function).__name__} has no shape yet; call the module once before"
            )
        if _input_name(name) in found:
            raise GraphError(f"two parameters would be called {_input_name(name)}; rename {name}")
        found[_input_name(name)] = held
    return found


def _trained(function: Any) -> Iterator[tuple[str, Any]]:
    found = getattr(function, "named_parameters", None)
    for name, held in found() if callable(found) else ():
        if held.requires_grad:
            yield name, held


def _input_name(name: str) -> str:
    """Return a parameter's name as an input's: numbers that lead go to its end.

    >>> _input_name("layer1.weight"), _input_name("0.weight"), _input_name("net.0.1.bias")
    ('layer1_weight', 'weight0', 'net_0_1_bias')
    """
    parts = name.split(".")
    leading = re.match(r"(?:\d+\.)*", name)
    numbers = leading[0].rstrip(".").split(".") if leading and leading[0] else []
    return "_".join(parts[len(numbers) :]) + "_".join(numbers)


def traced(reading: Reading, called: Called, inputs: Mapping[str, Value]) -> dict[str, Value]:
    """Return what a module or function gives of inputs, by label, read from its export."""
    labels: list[str] = []
    program = exported(called, labels)
    called.unit = max(map(_unit, program.graph.nodes), default=called.unit)
    owners = {id(held): name for name, held in parameters(called.function).items()}
    tensors = {**program.constants, **program.state_dict}
    arguments, known = iter(called.inputs), {}
    for one in program.graph_signature.input_specs:
        tensor = tensors.get(one.target)
        if one.kind.name == "USER_INPUT":
            known[one.arg.name] = inputs[next(arguments)]
        else:
            own = _own(called.function, one.target, tensor)
            known[one.arg.name] = inputs.get(owners.get(id(own), ""), tensor)
    with quiet():
        found = ExportedReading(reading).run(program, known)
    return dict(zip(labels, found, strict=True))


def _unit(node: Any) -> float:
    """Return the distance from 1 to the next number of the format that a node is computed in."""
    dtype = getattr(node.meta.get("val"), "dtype", None)
    floating = dtype is not None and dtype.is_floating_point
    return float(import_module("torch").finfo(dtype).eps) if floating else 0.0


def _own(function: Any, target: Any, tensor: Any) -> Any:
    """Return a module's own parameter behind what an export calls it."""
    inside = str(target).removeprefix("inner.")
    return dict(getattr(function, "named_parameters", dict)()).get(inside, tensor)


def exported(called: Called, labels: list[str]) -> Any:
    """Return a function as a program of core operations, its inputs in a row."""
    torch = import_module("torch")

    class Row(torch.nn.Module):  # type: ignore[misc, name-defined]  # PyTorch carries no types here
        def __init__(self) -> None:
            super().__init__()
            if isinstance(called.function, torch.nn.Module):
                self.inner = called.function

        def forward(self, *values: Any) -> tuple[Any, ...]:
            parts = called.parts(called.call(dict(zip(called.inputs, values, strict=True))))
            labels[:] = parts
            return tuple(parts.values())

    with traced_by("PyTorch", called), quiet_export():
        made = torch.export.export(Row(), tuple(_example(called)), strict=False)
        _stop_gradients(made)
        table = torch.export.default_decompositions()
        for operation in [one for one in table if operation_name(one) in KNOWN]:
            table.pop(operation)
        return made.run_decompositions(table)


@contextmanager
def quiet_export() -> Iterator[None]:
    """Let an export neither warn nor log, nor print a program that it could not finish."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        with warnings.catch_warnings(), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _stop_gradients(program: Any) -> None:
    """Write down in a program that no derivative passes what was computed under `no_grad`."""
    detach = import_module("torch").ops.aten.detach.default
    for node in [*program.graph.nodes]:
        inside = str(getattr(node.target, "__name__", "")) == "wrap_with_set_grad_enabled"
        if inside and node.args[0] is False:
            for part in [*node.users]:
                with program.graph.inserting_after(part):
                    stopped = program.graph.call_function(detach, (part,))
                part.replace_all_uses_with(stopped, lambda user, own=stopped: user is not own)
                stopped.meta.update(part.meta)
    program.graph_module.recompile()


def _example(called: Called) -> list[Any]:
    """Return examples of the inputs; ones where only the shape is known."""
    torch = import_module("torch")
    held = [held for _, held in _trained(called.function)]
    dtype = held[0].dtype if held else torch.float64
    return [
        value.detach()
        if hasattr(value, "detach")
        else torch.ones(called.shapes[name], dtype=dtype)
        if value is None
        else torch.as_tensor(np.asarray(value), dtype=dtype)
        for name, value in called.inputs.items()
    ]


def given(called: Called, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a module or function itself gives for arrays of doubles, by label."""
    torch = import_module("torch")
    known = {name: torch.as_tensor(value, dtype=torch.float64) for name, value in values.items()}
    return _given(called, known, _in_doubles)


def given_as_is(called: Called, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a module or function itself gives for arrays in its own formats, by label."""
    torch = import_module("torch")
    likes = [
        *zip(called.inputs, _example(called), strict=True),
        *parameters(called.function).items(),
    ]
    known = {name: torch.as_tensor(values[name], dtype=like.dtype) for name, like in likes}
    return _given(called, known, lambda held: held.detach().clone())


def _given(called: Called, values: Mapping[str, Any], held: Callable[[Any], Any]) -> dict[str, Any]:
    """Return what a module or function gives, by label; a module holds what `held` makes of it."""
    result = _functional(called, values, held) if _is_module(called) else called.call(values)
    return {label: plain(part) for label, part in called.parts(result).items()}


def _in_doubles(held: Any) -> Any:
    return held.detach().double() if held.is_floating_point() else held.clone()


def _is_module(called: Called) -> bool:
    return isinstance(called.function, import_module("torch").nn.Module)


def _functional(called: Called, values: Mapping[str, Any], held: Callable[[Any], Any]) -> Any:
    """Return what a module gives with other parameters, and buffers, than its own."""
    module: Any = called.function
    parts = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    others = {name: held(one) for name, one in parts.items()}
    others.update({name: values[_input_name(name)] for name, _ in _trained(module)})
    inner = Called(_Calling(module, others), called.arguments, called.label)
    return inner.call(values)


class _Calling:
    """A module that is called with other parameters than its own."""

    def __init__(self, module: Any, held: Mapping[str, Any]) -> None:
        self.module, self.held = module, held

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        call = import_module("torch").func.functional_call
        return call(self.module, dict(self.held), args, keywords)


@contextmanager
def quiet() -> Iterator[None]:
    """Let PyTorch compute no derivatives, and not warn of what its own export calls."""
    with import_module("torch").no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
