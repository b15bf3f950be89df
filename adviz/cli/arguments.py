"""What was typed on the command line, read into graphs, points and sweeps."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from math import isinf
from pathlib import Path
from types import BuiltinFunctionType
from typing import Any

from adviz.cli.options import Asked, Mode
from adviz.cli.streams import heard, tell
from adviz.errors import AdvizError, DomainError, PointError
from adviz.graph.graph import Graph
from adviz.language.asked import shown
from adviz.modes.building import build
from adviz.modes.second_order import second_order
from adviz.modes.trace import Trace
from adviz.modes.verbs import evaluate, forward, reverse
from adviz.numbers import Number
from adviz.sources import Source
from adviz.sources.files import load
from adviz.sources.refusals import spoken

_REFERENCE = re.compile(r"[^\W\d][\w.]*:[^\W\d][\w.]*")
"""A function in a module, as in `package.module:function`; no formula has a colon between names."""

_MATHEMATICS = frozenset({"math", "cmath", "_operator", "_statistics"})
_OF_NUMBERS = (abs, divmod, max, min, pow, round, sum)


def graph_of(formula: str) -> Graph:
    """Return the graph of a formula, of a saved file, a function, or what standard input says."""
    return build(subject_of(formula))


def subject_of(formula: str) -> Source:
    """Return what was named: a formula, a graph from a file, a function, or standard input."""
    if formula == "-":
        return heard()
    if is_code(formula):
        return function_of(formula)
    return load(formula) if formula.endswith(".json") else formula


def is_code(text: str) -> bool:
    """Return whether a text names a function, which is found by running its module.

    >>> is_code("package.module:function"), is_code("x*y"), is_code("x=0:1")
    (True, False, False)
    """
    return bool(_REFERENCE.fullmatch(text))


def family_of(name: str) -> str | Callable[..., Any]:
    """Return a family's name, or the function that was named."""
    return function_of(name) if is_code(name) else name


def gradient_of(text: str) -> Any:
    """Return the derivative that was typed: a function, a formula, or formulas by input.

    >>> gradient_of('{"x": "2*x"}'), gradient_of("2*x"), gradient_of("")
    ({'x': '2*x'}, '2*x', None)
    """
    if is_code(text):
        return function_of(text)
    return _formulas(text) if text.lstrip().startswith(("{", "[")) else text or None


def _formulas(text: str) -> Any:
    """Return formulas by input; where the formulas have no quotes, the whole is one text."""
    for read in (json.loads, ast.literal_eval):
        try:
            return read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return text


def function_of(reference: str) -> Callable[..., Any]:
    """Return the function `package.module:name`; modules of the current folder are found too.

    Raises AdvizError when there is no such module or function, or its module cannot be imported.

    >>> function_of("math:sin").__name__
    'sin'
    """
    path, _, name = reference.partition(":")
    found: Any = _module(path)
    for part in name.split("."):
        if not hasattr(found, part):
            raise AdvizError(f"the module {path} has no {name!r}")
        found = getattr(found, part)
    if not callable(found):
        raise AdvizError(f"{reference} is not a function but {type(found).__name__}: {found!r:.60}")
    home = _pythons(found)
    if home:
        raise AdvizError(
            f"{reference} is no function of numbers but belongs to Python's {home}; "
            "name one of your own, or of math"
        )
    function: Callable[..., Any] = found
    return function


def _pythons(function: Any) -> str:
    """Return the module of what is built into Python for something else than mathematics.

    >>> _pythons(partial(sys.exit, 1)), _pythons(abs)
    ('sys', '')
    """
    while isinstance(function, partial):
        function = function.func
    if not isinstance(function, BuiltinFunctionType) or function in _OF_NUMBERS:
        return ""
    home = str(function.__module__).partition(".")[0]
    return home if home in sys.stdlib_module_names and home not in _MATHEMATICS else ""


def _module(path: str) -> Any:
    with suppress(OSError):  # a folder that has been deleted has no modules
        folder = str(Path.cwd())
        if folder not in sys.path:
            sys.path.insert(0, folder)
    try:
        return import_module(path)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{path}.".startswith(f"{error.name}."):
            raise AdvizError(f"{path} cannot be imported: {error}") from error
        raise AdvizError(
            f"there is no module {path!r} in the current folder or among those installed"
        ) from None
    except (Exception, SystemExit) as error:
        raise AdvizError(f"{path} cannot be imported: {spoken(error)}") from error


def traces_of(graph: Graph, asked: Asked) -> list[Trace]:
    """Return the sweeps that are asked for."""
    point = numbers(asked.at)
    return [sweep(graph, point, asked) for sweep in _SWEEPS[asked.mode]]


def _forward(graph: Graph, point: Mapping[str, Number], asked: Asked) -> Trace:
    return forward(graph, point, direction_of(graph, asked.direction), digits=asked.digits)


def _reverse(graph: Graph, point: Mapping[str, Number], asked: Asked) -> Trace:
    cotangent = _cotangent(graph, asked.of)
    return reverse(graph, point, cotangent, wrt=names(asked.wrt), digits=asked.digits)


def _second_order(graph: Graph, point: Mapping[str, Number], asked: Asked) -> Trace:
    along, cotangent = direction_of(graph, asked.direction), _cotangent(graph, asked.of)
    return second_order(graph, point, along, cotangent, wrt=names(asked.wrt), digits=asked.digits)


_SWEEPS: Mapping[Mode, Sequence[Callable[[Graph, Mapping[str, Number], Asked], Trace]]] = {
    "evaluate": [lambda graph, point, asked: evaluate(graph, point, digits=asked.digits)],
    "forward": [_forward],
    "reverse": [_reverse],
    "both": [_forward, _reverse],
    "second-order": [_second_order],
}
"""What each mode asks for."""


def view_of(asked: Asked, around: str, depth: int | None, boxes: int | None) -> dict[str, Any]:
    """Return what is drawn: what leads to an output, depends on inputs, or is near a node.

    >>> view_of(Asked("x*y", wrt="x"), "2", 1, None)
    {'of': None, 'wrt': ['x'], 'around': 2, 'depth': 1, 'boxes': None}
    """
    node = int(around) if around.isdecimal() else around or None
    wrt = names(asked.wrt)
    return {"of": asked.of or None, "wrt": wrt, "around": node, "depth": depth, "boxes": boxes}


def direction_of(graph: Graph, direction: str) -> Any:
    """Return the direction that was named; that of the first input, said so, if none was."""
    if direction:
        return numbers(direction) if "=" in direction else direction
    first = next(iter(graph.inputs), None)
    if len(graph.inputs) > 1:
        tell(f"forward in the direction of {first}; choose with -d")
    return first


def _cotangent(graph: Graph, of: str) -> dict[str, int] | None:
    """Return 1 for the output that was named; with a single output none need be."""
    if not of and len(graph.outputs) > 1:
        labels = ", ".join(graph.outputs)
        raise PointError(f"there are several outputs ({labels}); say which with --of")
    return {of: 1} if of else None


def numbers(text: str) -> dict[str, int | float]:
    """Return the numbers of `x=3,y=2`.

    >>> numbers("x=3, y=1/4, z=-pi/2")
    {'x': 3, 'y': 0.25, 'z': -1.5707963267948966}
    """
    pairs = [part for part in text.replace(";", ",").split(",") if part.strip()]
    found: dict[str, int | float] = {}
    for name, value in map(_assignment, pairs):
        if name in found:
            raise PointError(f"{name} is given twice in {text!r}")
        found[name] = value
    return found


def _assignment(text: str) -> tuple[str, int | float]:
    name, mark, value = text.partition("=")
    if not mark:
        raise PointError(f"{text.strip()!r} is not of the form x=3")
    return name.strip(), _number(value, text)


def _number(text: str, whole: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        pass
    place = f"{shown(text.strip())} in {shown(whole.strip())}"
    try:
        number = float(text)
    except ValueError:
        return _computed(text, place)
    if isinf(number) and any(map(str.isdigit, text)):
        raise PointError(f"{place} is too large for floating point")
    return number


def _computed(text: str, place: str) -> float:
    """Return the number of a formula without inputs, such as 1/3 or pi/2, read by the grammar."""
    try:
        graph = None if "=" in text else build(text)
    except AdvizError:
        graph = None
    if graph is None or graph.inputs:
        raise PointError(f"{place} is not a number")
    try:
        return float(evaluate(graph, {}).value)
    except DomainError as error:
        raise PointError(f"{place} is not a number: {error}") from None


def span(text: str) -> tuple[str, tuple[float, float]]:
    """Return the name and the ends of `x=0:1`."""
    name, mark, ends = text.partition("=")
    low, colon, high = ends.partition(":")
    if not mark or not colon:
        raise PointError(f"{text!r} is not a range of the form x=0:1")
    return name.strip(), (_number(low, text), _number(high, text))


def whole_numbers(text: str) -> Sequence[int]:
    """Return the whole numbers of `2..5` or `2,4,8`.

    >>> whole_numbers("2..5"), whole_numbers("2,4,8")
    (range(2, 6), [2, 4, 8])
    """
    first, dots, last = text.partition("..")
    try:
        return range(int(first), int(last) + 1) if dots else [*map(int, text.split(","))]
    except ValueError:
        raise PointError(f"{shown(text)} is not of the form 2..10 or 2,4,8") from None


def names(text: str) -> list[str] | None:
    """Return the names of `x,y`; None for no text."""
    return [name.strip() for name in text.split(",") if name.strip()] or None
