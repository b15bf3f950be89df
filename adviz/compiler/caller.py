"""The convenience call of a kernel, written out: names in, results in their places out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from math import isfinite
from typing import Any

from adviz.compiler.languages.python import PYTHON
from adviz.compiler.results import Nesting

_LARGEST = 250
"""The most parameters, and results, that are written out."""


def caller(
    parameters: Sequence[str], function: Callable[..., Sequence[float]], nesting: Nesting
) -> Callable[..., Any]:
    """Return a function of floats, by position or name, that gives results in their places.

    It gives None where a number is no float or not everything is finite, and raises TypeError for
    numbers that do not fit the parameters; what is wrong is for the kernel to say.

    >>> caller(["x"], lambda x: (x, 2*x), (0, {"x": 1}))(x=3.0)
    (3.0, {'x': 6.0})
    """
    names = [PYTHON.legal(name, ()) for name in parameters]
    size = max(len(names), sum(1 for _ in islice(_labels(nesting), _LARGEST + 1)))
    own = {"function_", "isfinite_", "results_", *(f"k{place}_" for place in range(size))}
    if not names or size > _LARGEST or len({*names} - own) < len(names):
        return lambda *given, **by_name: None
    labels = {label: f"k{place}" for place, label in enumerate(dict.fromkeys(_labels(nesting)))}
    places = ", /" * (names != [*parameters])  # a name that was changed is nobody's to use
    text = (
        f"def call({', '.join(names)}{places}):\n"
        f"    if {' is '.join(f'type({name})' for name in names)} is float:\n"
        f"        results_ = function_({', '.join(names)})\n"
        f"        if type(results_) is tuple and isfinite_(sum(results_, {' + '.join(names)})):\n"
        f"            return {_written(nesting, labels)}\n"
    )
    scope: dict[str, Any] = {"function_": function, "isfinite_": isfinite}
    scope["__builtins__"] = {"sum": sum, "type": type, "float": float, "tuple": tuple}
    scope.update((f"{key}_", label) for label, key in labels.items())
    exec(compile(text, "<call>", "exec"), scope)  # noqa: S102 - our own text; names are legal, labels are values
    made: Callable[..., Any] = scope["call"]
    return made


def _labels(nesting: Nesting) -> Iterator[str]:
    """Yield every label of a nesting, repeated ones again."""
    if isinstance(nesting, Mapping):
        yield from nesting
    if not isinstance(nesting, int):
        for part in nesting.values() if isinstance(nesting, Mapping) else nesting:
            yield from _labels(part)


def _written(nesting: Nesting, labels: Mapping[str, str]) -> str:
    """Return a nesting as an expression; labels are given by name, never as text."""
    if isinstance(nesting, int):
        return f"results_[{nesting}]"
    if isinstance(nesting, tuple):
        return "".join(["(", *(f"{_written(part, labels)}, " for part in nesting), ")"])
    pairs = (f"{labels[name]}_: {_written(part, labels)}" for name, part in nesting.items())
    return "{" + ", ".join(pairs) + "}"
