"""A graph compiled: value and derivatives as one fast function, and its source to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

from adviz.compiler.caller import caller
from adviz.compiler.executable import Swept
from adviz.compiler.fallback import Reference, by_itself
from adviz.compiler.kinds import KINDS, labels_of
from adviz.compiler.naming import Naming
from adviz.compiler.program.data import Program
from adviz.compiler.results import Nesting, filled, stacked
from adviz.compiler.targets import Wanted, chosen
from adviz.errors import FormatError
from adviz.files import path_of, write
from adviz.graph.graph import Graph
from adviz.language.asked import among, shown, text
from adviz.language.brief import few
from adviz.modes.building import build, in_numbers
from adviz.modes.run import Errors
from adviz.modes.sparsity.pattern import Sparsity
from adviz.numbers import Number
from adviz.numbers.given import float64
from adviz.sources import Source


def compile(
    source: Source | Kernel,
    kind: str = "gradient",
    *,
    wrt: str | Sequence[str] | None = None,
    of: str | None = None,
    target: str | None = None,
    verify: bool = True,
) -> Kernel:
    """Compile a formula's value and derivatives into one fast function.

    `source` is a Graph, anything `adviz.build` takes, or a Kernel, whose graph is compiled again.
    `kind` says what is computed beside the value:

    | kind | given | computed |
    |---|---|---|
    | `value` | | nothing else |
    | `gradient` | | ∂f/∂x of the one output, by input |
    | `jacobian` | | ∂f/∂x by output and input |
    | `jvp` | a tangent `x_dot` for each input | the derivative along them, J·v |
    | `vjp` | a cotangent `f_bar` for each output | the outputs' weighed gradient, Jᵀ·w |
    | `hvp` | a tangent `x_dot` for each input | the Hessian times them, by input |
    | `hessian` | | ∂²f/∂x∂y by input and input |
    | `sparse_jacobian` | | ∂f/∂x where it is not 0 everywhere, by output and input |
    | `sparse_hessian` | | ∂²f/∂x∂y where it is not 0 everywhere, by input and input |
    | `trace` | `x_dot` and `f_bar` | every number of a film, by label |

    `wrt` limits the inputs that are differentiated and `of` the outputs. `target` is `"python"`
    or `"native"`; left out, it is native code where llvmlite is installed and knows all rows of
    the formula, and in either a flat loop for large graphs. Results do not depend on the target
    beyond the rounding of its functions. `verify=False` does not compare a callable with its graph.

    Raises AdvizError for an unknown kind, output or target, PointError for an unknown input.

    Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), chapters 3 and 5.

    >>> import adviz
    >>> k = adviz.compile("(x + y)*(x - y)")
    >>> k(x=3.0, y=2.0)
    (5.0, {'x': 6.0, 'y': -4.0})
    >>> k.function(3.0, 2.0)
    (5.0, 6.0, -4.0)
    """
    graph = source.graph if isinstance(source, Kernel) else in_numbers(build(source, verify=verify))
    return Kernel(
        Wanted(graph, kind, labels_of(graph, kind, of), KINDS[kind].wanted(graph, wrt)), target
    )


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
        self.parameters: tuple[str, ...] = (*graph.inputs, *wanted.seeds)
        """The names of what it is given, in order."""
        self._nesting = self._placed()
        self._executable = suited.make(wanted, self._again)
        self.function: Callable[..., tuple[float, ...]] = self._executable.function
        """The fast path: floats in the order of `parameters` in, a flat tuple of floats out.

        In the arithmetic of IEEE 754: what is undefined is NaN, what overflows is infinite.
        """
        self._call = caller(self.parameters, self.function, self._nesting)

    def _placed(self) -> Nesting:
        wanted = self._wanted
        if wanted.row.nesting is None:
            return {label: place for place, label in enumerate(wanted.program.results)}
        return wanted.row.placed(wanted.graph, wanted.labels, wanted.inputs)

    def __repr__(self) -> str:
        return f"<Kernel {self.kind}({few(self.parameters)}): {self.target}>"

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
    def results(self) -> tuple[str, ...]:
        """What `function` gives, in order: `f`, `df/dx`, `df/dy`."""
        return (*self.program.results,)

    @property
    def sparsity(self) -> Sparsity | None:
        """Which derivatives it gives, where it leaves out what is 0 everywhere; else None.

        >>> import adviz
        >>> adviz.compile("x*y + z", "sparse_hessian").sparsity
        <Sparsity of a hessian: 2 of 3×3>
        """
        wanted = self._wanted
        return wanted.row.sparsity(wanted.graph, wanted.labels, wanted.inputs)

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
        return self.written("py")

    @property
    def code(self) -> str:
        """What runs, as text: Python, or LLVM's intermediate representation."""
        return self._executable.source()

    def written(self, language: str, name: str = "") -> str:
        """Return the program in a language, by the suffix of its files: `py`, `js` or `c`.

        `name` is what its function is called; unless given, the kind. Raises FormatError for
        another language, and for a name that is none.

        >>> import adviz
        >>> adviz.compile("x*y", "value").written("py", "area").splitlines()[0]
        'def area(x, y):'
        """
        if not among(language, LANGUAGES):
            raise FormatError(
                f"there is no language with the suffix {shown(language)}; a kernel is written as "
                f"{', '.join(f'.{suffix}' for suffix in LANGUAGES)}"
            )
        legal = re.fullmatch(r"[A-Za-z]\w*", text("name", name), re.ASCII)
        if name and (self._wanted.row.nesting is None or not legal):
            raise FormatError(f"a function of kind {self.kind} cannot be called {shown(name)}")
        from importlib import import_module

        module = import_module(f"adviz.compiler.languages.{LANGUAGES[language]}")
        program = self.program if language == "py" else self._wanted.watched
        return str(module.source(replace(program, name=name)))

    def save(self, path: str | Path, name: str = "") -> None:
        """Write the program to a `.py`, `.js` or `.c` file, in the language of its suffix.

        `name` is what its function is called; unless given, the kind. Raises FormatError for
        another suffix, a name that is none, or where the file cannot be written.
        """
        suffix = path_of(path).suffix.lower().removeprefix(".")
        write(path, self.written(suffix, name).encode())

    def __call__(self, /, *given: Any, **by_name: Any) -> Any:
        """Return the value and the derivatives at a point, or at many.

        Raises PointError for a point that does not fit and DomainError where there is no value.
        """
        try:
            called = self._call(*given, **by_name)
        except TypeError:  # numbers that do not fit, which is told below
            called = None
        if called is not None:
            return called
        return filled(self._nesting, self.computed(self._naming.numbers(given, by_name)))

    def vector(self, x: Any, *seeds: Any) -> Any:
        """Return the value and the derivatives at a vector, as arrays; for optimisers.

        `x` holds the inputs on its last axis, and so do tangents or cotangents in `seeds`; other
        axes are many points. A gradient has the shape of `x`, a Jacobian one axis more for the
        outputs before it, a Hessian one more for the inputs. Errors as in a call.

        >>> import adviz
        >>> from scipy.optimize import minimize
        >>> banana = adviz.compile("100*(y - x**2)**2 + (1 - x)**2")
        >>> minimize(banana.vector, [-1.0, 2.0], jac=True).x.round(4)
        array([1., 1.])
        """
        found = None if seeds else self._by_array(x)
        return self._of_arrays(x, *seeds) if found is None else found

    def _of_arrays(self, *given: Any) -> Any:
        """Return the value and the derivatives at one or many points, the parameters in arrays."""
        import numpy as np

        from adviz.compiler.vector import arrays, parts, taken

        held = arrays(given)
        count = sum(part.shape[-1] for part in held)
        if count != len(self.parameters):
            raise self._naming.misfit(count)
        if any(part.ndim > 1 for part in held):
            numbers = [number for part in held for number in np.moveaxis(part, -1, 0)]
            return stacked(self._nesting, self.computed(numbers))
        point = np.concatenate(held)
        found = self._by_array(point)
        if found is None:
            return taken(parts(self._nesting))(np.array(self.computed(point.tolist())))
        return found

    @cached_property
    def _by_array(self) -> Callable[[Any], Any]:
        from adviz.compiler.vector import by_array

        return by_array(self._executable, len(self.parameters), self._nesting)

    def computed(self, numbers: Sequence[Number], errors: Errors | None = None) -> Sequence[Number]:
        """Return the results in order at numbers in the order of `parameters`, floats or arrays.

        `errors` as in `adviz.evaluate`. Raises PointError for what is no number, or does not fit
        together, and DomainError where there is no value.
        """
        if any(getattr(number, "ndim", 0) for number in numbers):
            from adviz.compiler.many_points import at_many

            return at_many(self.parameters, numbers, self._executable, self._reference)
        floats = [float64(*pair) for pair in zip(self.parameters, numbers, strict=True)]
        found: Sequence[float] = self.function(*floats)
        if isinstance(found, Swept) or not isfinite(sum(found) + sum(floats)):
            return self._reference(floats, errors or "raise")
        return found

    @cached_property
    def _naming(self) -> Naming:
        return Naming(self.graph, self.parameters, self._wanted.seeds)

    def _again(self, *numbers: float) -> Swept:
        return Swept(self._reference(numbers, "ieee"))

    @cached_property
    def _reference(self) -> Reference:
        wanted = self._wanted
        by_sweeps = wanted.row.reference(wanted.graph, wanted.labels, wanted.inputs)
        return by_sweeps or (lambda numbers, _: [*by_itself(wanted.program, numbers)])


LANGUAGES = {"py": "python", "js": "javascript", "mjs": "javascript", "c": "c"}
"""The suffix of each language's files, and the module that writes it."""
