"""A graph from a program of `torch.export`: its operations, one after the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from adviz.sources.frameworks.aten import KNOWN
from adviz.sources.frameworks.aten.operation import operation_name, read, values
from adviz.sources.frameworks.reading import (
    MISSING,
    Held,
    Reading,
    Unreadable,
    Value,
    lacks,
)
from adviz.sources.frameworks.torch_rules import as_opaque

_BY_LAYOUT = ("as_strided", "as_strided_scatter")
"""What depends on where in memory the elements are."""
_FRAME = re.compile(r'File "([^"]*)", line (\d+), in (\w+|<\w+>)')


class ExportedReading:
    """A program of core operations on its way into a graph."""

    def __init__(self, reading: Reading) -> None:
        import torch

        self.reading, self.own = reading, torch.as_tensor

    def run(self, program: Any, given: Mapping[str, Value]) -> Sequence[Value]:
        """Return what a program gives, its placeholders being these values."""
        known: dict[Any, Value] = {}
        for node in program.graph.nodes:
            if node.op == "placeholder":
                known[node] = given[node.name]
            elif node.op == "output":
                return self._given_out(program, _with(known, node.args[0]))
            else:
                known[node] = self._operation(node, known)
        return []

    def _operation(self, node: Any, known: Mapping[Any, Value]) -> Any:
        args = [_with(known, one) for one in node.args]
        keywords = {name: _with(known, one) for name, one in node.kwargs.items()}
        if getattr(node.target, "__name__", "") == "getitem":
            return self._part(*args)
        if operation_name(node.target) == "with_effects" and "_check_errors" in str(args[1]):
            return [args[0]]  # a check of what was computed gives nothing
        given = list(values([*args, *keywords.values()]))
        if not any(isinstance(one, Held) for one in given) and not lacks(given):
            return node.target(*args, **keywords)
        name = operation_name(node.target)
        for reason in {one for one in given if isinstance(one, Unreadable)}:
            return self._missing(str(reason))
        if not node.users or lacks(given):
            silent = name in KNOWN or name.startswith("<") or not node.users
            return MISSING if silent else self._missing(name)
        self.reading.source = _place(node) or self.reading.source
        if _is_empty(node):
            return self.own(np.zeros(tuple(node.meta["val"].shape)))
        try:
            found = self._found(node, name, args, keywords)
        except Unreadable as reason:
            return self._missing(f"{name} ({reason})")
        return self.own(found) if isinstance(found, np.ndarray) else found

    def _found(self, node: Any, name: str, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Return what an operation gives by the tables; by PyTorch itself where these lack it."""
        if name in _BY_LAYOUT and not _lies_in_order(node.all_input_nodes[0]):
            raise Unreadable("of a tensor that is a view of another; call .contiguous() before")
        if name not in KNOWN:
            return as_opaque(self.reading, node, name, args, keywords)
        return read(self.reading, node.target, args, keywords)

    def _given_out(self, program: Any, found: Sequence[Value]) -> Sequence[Value]:
        """Return what an author's function gives; a program also gives what is kept for later."""
        pairs = zip(program.graph_signature.output_specs, found, strict=True)
        own = [value for one, value in pairs if one.kind.name == "USER_OUTPUT"]
        return [self._missing(str(one)) if isinstance(one, Unreadable) else one for one in own]

    def _part(self, whole: Any, place: int) -> Value:
        """Return one of several results."""
        return MISSING if whole is MISSING else whole[place]

    def _missing(self, what: str) -> Value:
        self.reading.unknown[what] = None
        return MISSING


def _with(known: Mapping[Any, Value], value: Any) -> Any:
    """Return an argument with values in the place of nodes."""
    if isinstance(value, list | tuple):
        return [_with(known, one) for one in value]
    return known[value] if hasattr(value, "all_input_nodes") else value


def _is_empty(node: Any) -> bool:
    """Return whether a node is a tensor without elements."""
    shape = getattr(node.meta.get("val"), "shape", ())
    return any(isinstance(size, int) and size == 0 for size in shape)


def _lies_in_order(node: Any) -> bool:
    """Return whether a tensor's elements are all that is in its memory, one after the other."""
    tensor = node.meta["val"]
    return bool(
        tensor.is_contiguous()
        and tensor.untyped_storage().nbytes() == tensor.numel() * tensor.itemsize
    )


def _place(node: Any) -> str:
    """Return the author's line that an operation comes from; nothing where it is not known."""
    frames = _FRAME.findall(node.meta.get("stack_trace") or "")
    own = [one for one in frames if "/torch/" not in one[0] and "/adviz/" not in one[0]]
    return f"line {own[-1][1]} of {own[-1][2]}" if own else ""
