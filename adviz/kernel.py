"""A graph compiled: value and derivatives as one fast function, and its source to be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from math import isfinite
from numbers import Real
from pathlib import Path
from typing import Any

from adviz.codegen.caller import Layout, caller, filled
from adviz.codegen.executable import Column, Swept
from adviz.codegen.program import KINDS, Program, seed_names
from adviz.codegen.reference import Reference, evaluated, reference
from adviz.errors import AdvizError, FormatError, PointError
from adviz.files import write
from adviz.graph import Graph
from adviz.modes import Errors, wanted_inputs
from adviz.numbers import Number
from adviz.point import named
from adviz.sources import Source, build
from adviz.targets import Wanted, chosen


def compile(
    source: Source,
    kind: str = "gradient",
    *,
    wrt: str | Sequence[str] | None = None,
    of: str | None = None,
    target: str | None = None,
) -> Kernel:
    """Compile a formula's value and derivatives into one fast function.

    `source` is a Graph or anything `adviz.build` takes. `kind` says what is computed beside the
    value:

    | kind | given | computed |
    |---|---|---|
    | `value` | | nothing else |
    | `gradient` | | ∂f/∂x of the one output, by input |
    | `jacobian` | | ∂f/∂x by output and input |
    | `jvp` | a tangent `x_dot` for each input | the derivative along them, J·v |
    | `vjp` | a cotangent `f_bar` for each output | the outputs' weighed gradient, Jᵀ·w |
    | `hvp` | a tangent `x_dot` for each input | the Hessian times them, by input |
    | `hessian` | | ∂²f/∂x∂y by input and input |
    | `trace` | `x_dot` and `f_bar` | every number of a film, by label |

    `wrt` limits the inputs that are differentiated and `of` the outputs. `target` is `"python"`
    or `"native"`; left out, it is native code where llvmlite is installed and knows all rows of
    the formula, and in either a flat loop for large graphs. Results do not depend on the target
    beyond the rounding of its functions.

    Raises AdvizError for an unknown kind, output or target, PointError for an unknown input.

    Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), chapters 3 and 5.

    >>> import adviz
    >>> k = adviz.compile("(x + y)*(x - y)")
    >>> k(x=3.0, y=2.0)
    (5.0, {'x': 6.0, 'y': -4.0})
    >>> k.function(3.0, 2.0)
    (5.0, 6.0, -4.0)
    """
    graph = build(source)
    if kind not in KINDS:
        raise AdvizError(f"there is no kind {kind!r} of kernel; kinds are {', '.join(KINDS)}")
    if of is not None and of not in graph.outputs:
        raise AdvizError(f"there is no output {of!r}; outputs are {', '.join(graph.outputs)}")
    labels = [*graph.outputs] if of is None else [of]
    if kind in _OF_ONE and len(labels) > 1:
        cure = "; or compile a jacobian" * (kind == "gradient")
        raise AdvizError(f"a {kind} is of one output: of= one of {', '.join(labels)}{cure}")
    return Kernel(Wanted(graph, kind, labels, wanted_inputs(graph, wrt)), target)


_OF_ONE = ("gradient", "hvp", "hessian")


class Kernel:
    """A compiled derivative program; made by `adviz.compile`.

    Call it with numbers by name, in the order of `parameters`, or as one mapping; arrays are many
    points, computed at once, and results have their broadcast shape. Tangents and cotangents that
    are not given are 0. It returns the value and the derivatives.

    One point is judged as by `adviz.gradient`: where a result is not finite the sweep is run, and
    raises the error that names the node. Arrays go on with NaN and infinities. What a kernel does
    not see is an intermediate overflow that a finite result hides, such as 1/(1 + 1e200*x*x).
    """

    def __init__(self, wanted: Wanted, target: str | None = None) -> None:
        self._wanted, self._asked = wanted, target
        graph = wanted.graph
        suited = chosen(wanted, target)
        self.target: str = suited.name
        """What runs it: `python` or `native`, and `flat` for a large graph."""
        self.parameters: tuple[str, ...] = (*graph.inputs, *_seeds(wanted))
        """The names of what it is given, in order."""
        self._layout = _LAYOUTS[wanted.kind](wanted)
        self._executable = suited.make(wanted, self._again)
        self.function: Callable[..., tuple[float, ...]] = self._executable.function
        """The fast path: floats in the order of `parameters` in, a flat tuple of floats out.

        In the arithmetic of IEEE 754: what is undefined is NaN, what overflows is infinite.
        """
        self._call = caller(self.parameters, self.function, self._layout)

    def __repr__(self) -> str:
        given = ", ".join(self.parameters[:6]) + ", …" * (len(self.parameters) > 6)
        return f"<Kernel {self._wanted.kind}({given}): {self.target}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Kernel, (self._wanted, self._asked)

    @property
    def kind(self) -> str:
        """What it computes beside the value."""
        return self._wanted.kind

    @property
    def graph(self) -> Graph:
        """What it was compiled from."""
        return self._wanted.graph

    @property
    def program(self) -> Program:
        """The straight-line program, as data."""
        return self._wanted.program

    @property
    def source(self) -> str:
        """The program as Python to be read, with the author's names.

        >>> import adviz
        >>> print(adviz.compile("a = x*y; sin(a)").source)
        from math import cos, sin
        <BLANKLINE>
        <BLANKLINE>
        def gradient(x, y):
            # values
            a = x*y
            f = sin(a)
            # derivatives
            a_bar = cos(a)
            df_dx = a_bar*y
            df_dy = a_bar*x
            return f, df_dx, df_dy
        <BLANKLINE>
        """
        if self.target.startswith("python"):
            return self._executable.source
        return self.written("py")

    @property
    def code(self) -> str:
        """What runs, as text: Python, or LLVM's intermediate representation."""
        return self._executable.source

    def written(self, language: str) -> str:
        """Return the program in a language, by the suffix of its files: `py`, `js` or `c`.

        Raises FormatError for another one.
        """
        if language not in LANGUAGES:
            raise FormatError(
                f"there is no language with the suffix {language!r}; a kernel is written as "
                f"{', '.join(f'.{suffix}' for suffix in LANGUAGES)}"
            )
        from importlib import import_module

        source: str = import_module(f"adviz.codegen.{LANGUAGES[language]}").source(self.program)
        return source

    def save(self, path: str | Path) -> None:
        """Write the program to a `.py`, `.js` or `.c` file, in the language of its suffix.

        Raises FormatError for another suffix or where the file cannot be written.
        """
        suffix = Path(path).suffix.lower().removeprefix(".")
        write(path, self.written(suffix).encode())

    def __call__(self, *given: Any, **by_name: Any) -> Any:
        """Return the value and the derivatives at a point, or at many.

        Raises PointError for a point that does not fit and DomainError where there is no value.
        """
        try:
            called = self._call(*given, **by_name)
        except TypeError:  # numbers that do not fit, which is told below
            called = None
        if called is not None:
            return called
        return filled(self._layout, self.results(self._numbers(given, by_name)))

    def results(self, numbers: Sequence[Number], errors: Errors | None = None) -> Sequence[Number]:
        """Return the results in order at numbers in the order of `parameters`, floats or arrays.

        `errors` as in `adviz.evaluate`. Raises PointError for what is no number, or does not fit
        together, and DomainError where there is no value.
        """
        if any(getattr(number, "ndim", 0) for number in numbers):
            return self._many(numbers)
        floats = [_float(*pair) for pair in zip(self.parameters, numbers, strict=True)]
        found: Sequence[float] = self.function(*floats)
        if isinstance(found, Swept) or not isfinite(sum(found) + sum(floats)):
            return self._reference(floats, errors or "raise")
        return found

    def _numbers(self, given: Sequence[Any], by_name: Mapping[str, Any]) -> list[Number]:
        """Return the parameters' numbers in order, of whatever way they were given."""
        if len(given) == 1 and isinstance(given[0], Mapping) and not by_name:
            return self._numbers((), given[0])
        if len(given) > len(self.parameters):
            raise PointError(
                f"{len(given)} numbers for the {len(self.parameters)} parameters "
                f"{', '.join(self.parameters)}"
            )
        twice = [name for name in self.parameters[: len(given)] if name in by_name]
        if twice:
            raise PointError(f"{twice[0]} is given twice, by its place and by its name")
        by_name = {**dict(zip(self.parameters, given, strict=False)), **by_name}
        inputs = len(self.graph.inputs)
        seeds = self.parameters[inputs:]
        point = named(self.graph, {n: v for n, v in by_name.items() if n not in seeds})
        return [*point.values(), *(by_name.get(name, 0.0) for name in seeds)]

    def _many(self, numbers: Sequence[Number]) -> list[Number]:
        """Return the results at many points, as arrays of their broadcast shape."""
        import numpy as np

        shape = _shape(self.parameters, numbers)
        columns = [_column(number, shape) for number in numbers]
        count = int(np.prod(shape))
        results, suspicious = self._executable.many(columns, count)
        for part in suspicious:
            self._mend(results, columns, part)
        return [result.reshape(shape) for result in results]

    def _mend(self, results: Sequence[Any], columns: Sequence[Column], part: slice) -> None:
        """Compute the points of a slice again of which some result is not finite."""
        import numpy as np

        finite = np.logical_and.reduce([np.isfinite(result[part]) for result in results])
        (wrong,) = np.nonzero(~finite)
        if not len(wrong):
            return
        wrong += part.start
        points = [c[wrong] if isinstance(c, np.ndarray) else c for c in columns]
        for result, again in zip(results, self._reference(points, "ieee"), strict=True):
            result[wrong] = again

    def _again(self, *numbers: float) -> Swept:
        return Swept(self._reference(numbers, "ieee"))

    @cached_property
    def _reference(self) -> Reference:
        wanted = self._wanted
        if wanted.kind == "trace":
            return lambda numbers, _: [*evaluated(wanted.program, numbers)]
        return reference(wanted.graph, wanted.kind, wanted.labels, wanted.inputs)


def faster(
    graph: Graph,
    kind: str,
    wanted: Sequence[str],
    point: Sequence[Number],
    seeds: Sequence[Number],
    errors: Errors | None,
) -> Sequence[Number] | None:
    """Return the results of a kernel where it is faster than the sweeps, else None.

    That is for a large graph at one point, where a flat loop sees every node's number as a sweep
    does, and for many points in arrays, which go on with NaN and infinities.
    """
    numbers = [*point, *seeds]
    count = max(getattr(number, "size", 1) for number in numbers) if numbers else 0
    if count > 1 and (errors == "raise" or count < _MANY_POINTS):
        return None
    if count <= 1 and (len(graph) < _MANY_NODES or not all(type(n) in _PLAIN for n in numbers)):
        return None
    flat = "python, flat" if count <= 1 and len(graph) < _MANY_NODES_NATIVE else None
    return _kept(graph, kind, tuple(wanted), flat).results(numbers, errors)


_MANY_POINTS = 10_000
_MANY_NODES = 250
_MANY_NODES_NATIVE = 2_000
"""From where a kernel made for one call is faster than a sweep, and native code than Python."""
_PLAIN = (int, float)


@lru_cache(maxsize=16)
def _kept(graph: Graph, kind: str, wanted: tuple[str, ...], target: str | None) -> Kernel:
    return Kernel(Wanted(graph, kind, [*graph.outputs], wanted), target)


LANGUAGES = {"py": "python", "js": "javascript", "mjs": "javascript", "c": "c"}
"""The suffix of each language's files, and the module that writes it."""


def _float(name: str, number: Number) -> float:
    """Return a number as the float it is."""
    if not isinstance(number, Real) and getattr(number, "shape", None) != ():
        raise PointError(f"{name} = {str(number)[:40]} is not a real number")
    made = float(number)
    if made != number and number == number:
        raise PointError(
            f"{name} = {number} is no float64, in which a kernel computes; "
            f"use adviz.gradient(…, digits=…)"
        )
    return made


def _shape(names: Sequence[str], numbers: Sequence[Number]) -> tuple[int, ...]:
    import numpy as np

    try:
        return np.broadcast_shapes(*map(np.shape, numbers))
    except ValueError:
        pairs = zip(names, map(np.shape, numbers), strict=True)
        shapes = ", ".join(f"{name}: {shape}" for name, shape in pairs)
        raise PointError(f"the arrays do not fit together; their shapes are {shapes}") from None


def _column(number: Number, shape: tuple[int, ...]) -> Column:
    """Return a number for every point in one contiguous row, or the one number of all."""
    import numpy as np

    if not np.ndim(number):
        return float(number)
    array = np.asarray(number, dtype=np.float64)
    return np.ascontiguousarray(np.broadcast_to(array, shape)).reshape(-1)


# --- what is given, and where results go -------------------------------------------------------


def _seeds(wanted: Wanted) -> list[str]:
    """Return the parameters beside the inputs: a tangent each, or a cotangent each."""
    taken = [*wanted.graph.inputs]
    for kinds, names, suffix in (
        (("jvp", "hvp", "trace"), wanted.inputs, "_dot"),
        (("vjp", "trace"), wanted.labels, "_bar"),
    ):
        if wanted.kind in kinds:
            taken += seed_names(taken, names, suffix)
    return taken[len(wanted.graph.inputs) :]


def _values(wanted: Wanted) -> Layout:
    """Return where the outputs are: one alone, or by label."""
    labels = wanted.labels
    return 0 if len(labels) == 1 else {label: k for k, label in enumerate(labels)}


def _by_input(wanted: Wanted) -> Layout:
    start = len(wanted.labels)
    return _values(wanted), {name: start + k for k, name in enumerate(wanted.inputs)}


def _by_output(wanted: Wanted) -> Layout:
    start, labels = len(wanted.labels), wanted.labels
    tangents = start if start == 1 else {label: start + k for k, label in enumerate(labels)}
    return _values(wanted), tangents


def _by_both(wanted: Wanted) -> Layout:
    start, width = len(wanted.labels), len(wanted.inputs)
    return _values(wanted), {
        label: {name: start + row * width + k for k, name in enumerate(wanted.inputs)}
        for row, label in enumerate(wanted.labels)
    }


def _by_pair(wanted: Wanted) -> Layout:
    """Return where second derivatives are: those above the diagonal are computed once."""
    names = wanted.inputs
    places = iter(range(1 + len(names), len(names) * (len(names) + 3) // 2 + 1))
    upper = {(k, j): next(places) for k in range(len(names)) for j in range(k, len(names))}
    return 0, {
        a: {b: upper[min(k, j), max(k, j)] for j, b in enumerate(names)}
        for k, a in enumerate(names)
    }


_LAYOUTS: Mapping[str, Callable[[Wanted], Layout]] = {
    "value": _values,
    "gradient": _by_input,
    "jacobian": _by_both,
    "jvp": _by_output,
    "vjp": _by_input,
    "hvp": _by_input,
    "hessian": _by_pair,
    "trace": lambda wanted: {label: k for k, label in enumerate(wanted.program.results)},
}
