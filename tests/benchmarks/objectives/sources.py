"""Where the objective functions are: one row a collection, and how its functions are called."""

from __future__ import annotations

import importlib
import inspect
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

Bounds = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Objective:
    """A function of one vector, as its collection means it to be called."""

    name: str
    function: Callable[..., Any]
    bounds: Bounds
    form: Callable[[list[float]], Any] | None = None
    """What makes a point of a list of numbers; None where an array is expected."""


@dataclass(frozen=True)
class Collection:
    """A published package of objective functions."""

    name: str
    """As PyPI calls it."""
    version: str
    objectives: Callable[[], Iterator[Objective]]


def _classes(module: ModuleType, base: type) -> Iterator[Any]:
    """Yield the concrete classes that a module has, by name."""
    for _, cls in inspect.getmembers(module, inspect.isclass):
        if issubclass(cls, base) and cls is not base and not inspect.isabstract(cls):
            yield cls


def _made(cls: type, *ways: Any) -> Any:
    """Return an object of a class, made in the first way that it accepts; None if in none."""
    for options in ways:
        try:
            return cls(**options)
        except Exception:  # noqa: S112 - a class that wants other arguments is made another way
            continue
    return None


def _opfunu() -> Iterator[Objective]:
    opfunu = importlib.import_module("opfunu")
    for name, cls in opfunu.ALL_DATABASE:
        problem = None if name in opfunu.EXCLUDES else _made(cls, {"ndim": 10}, {})
        if problem is not None and problem.bounds is not None:
            yield Objective(name, problem.evaluate, [tuple(pair) for pair in problem.bounds])


_DEAP_BOUNDS = {"schwefel": (-500, 500), "himmelblau": (-6, 6), "h1": (-100, 100)}
_OF_TWO = frozenset({"h1", "himmelblau", "schaffer_mo", "poloni", "salustowicz_2d", "sin_cos"})
_DEAP_SIZES = dict.fromkeys(_OF_TWO | {"kotanchek", "ripple", "rational_polynomial2"}, 2)
_DEAP_SIZES |= {"salustowicz_1d": 1, "schaffer_mo": 1, "unwrapped_ball": 5}
_DEAP_SIZES |= {"rational_polynomial": 3}
_UNIT = re.compile("zdt|dtlz")


def _deap() -> Iterator[Objective]:
    benchmarks = importlib.import_module("deap.benchmarks")
    formulas = importlib.import_module("deap.benchmarks.gp")
    for module in (benchmarks, formulas):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            called = _deap_called(name, function)
            if function.__module__ == module.__name__ and called is not None:
                low, high = _DEAP_BOUNDS.get(name, (0, 1) if _UNIT.match(name) else (-5, 5))
                bounds = [(low, high)] * _DEAP_SIZES.get(name, 8)
                yield Objective(name, called, bounds, list)


def _deap_called(name: str, function: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return a function of the individual alone; None for one that is no function of numbers."""
    parameters = list(inspect.signature(function).parameters)
    if name == "rand" or name.startswith("bin2float"):
        return None
    if name == "shekel":
        peaks, widths = [[i % 3 + 0.5] * 8 for i in range(5)], [0.1, 0.2, 0.3, 0.4, 0.5]
        return lambda x: function(x, peaks, widths)
    if name == "dtlz4":
        return lambda x: function(x, 3, 2.0)
    return (
        (lambda x: function(x, 3)) if name.startswith("dtlz") else function if parameters else None
    )


def _pygoblet() -> Iterator[Objective]:
    module = importlib.import_module("pygoblet.problems.standard")
    for cls in _classes(module, module.BenchmarkFunction):
        problem = _made(cls, {"n": 5}, {"n": cls.DIM}, {})
        if problem is not None:
            yield Objective(cls.__name__, problem.evaluate, _finite(problem.bounds()))


def _finite(bounds: Bounds) -> Bounds:
    """Return bounds with a finite number in place of each infinite one."""
    return [
        (max(low, -10.0), min(high, 10.0)) if math.isinf(high - low) else (low, high)
        for low, high in bounds
    ]


def _pybenchfcn() -> Iterator[Objective]:
    module = importlib.import_module("PyBenchFCN.SingleObjectiveProblem")
    for name, cls in inspect.getmembers(module, inspect.isclass):
        problem = _made(cls, {"n_var": 5}, {"n_var": 2}, {"n_var": 3}, {"n_var": 1}, {})
        if problem is not None:
            yield Objective(name, problem.f, _boundaries(problem.boundaries, problem.n_var))


def _boundaries(boundaries: Any, size: int) -> Bounds:
    """Return one pair an input, from one pair for all or from a row for each."""
    if boundaries.ndim == 1:
        return [tuple(boundaries)] * size
    rows = boundaries if len(boundaries) == size and len(boundaries[0]) == 2 else boundaries.T
    return [tuple(row) for row in rows]


def _suite(package: str) -> Callable[[], Iterator[Objective]]:
    """Return the functions of a package that describes them by function, dimension and bounds."""

    def objectives() -> Iterator[Objective]:
        suite = importlib.import_module(f"{package}.metadata").BENCHMARK_SUITE
        for name, row in suite.items():
            bounds = row["bounds"](row["default_dim"]) if callable(row["bounds"]) else row["bounds"]
            repeated = row["default_dim"] // len(bounds)
            yield Objective(name, row["function"], [tuple(pair) for pair in bounds] * repeated)

    return objectives


_NUMBER = r"[-+]?[\d.]+(?:\*pi)?"
_STATED = re.compile(
    rf"\[\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\]|({_NUMBER})\s*<=[^<]*<=\s*({_NUMBER})"
)


def _landscapes() -> Iterator[Objective]:
    module = importlib.import_module("landscapes.single_objective")
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__:
            size = _first_that_runs(function)
            if size:
                yield Objective(name, function, [_stated(function.__doc__ or "")] * size, list)


def _first_that_runs(function: Callable[..., Any]) -> int:
    """Return how many numbers a function takes: two, if it may; 0 for something else."""
    for size in (2, 3, 4, 1):
        try:
            function([0.5 + 0.1 * i for i in range(size)])
        except (TypeError, ValueError, IndexError, AssertionError, ZeroDivisionError):
            continue
        return size
    return 0


def _stated(text: str) -> tuple[float, float]:
    """Return the bounds that a docstring states."""
    found = _STATED.search(text.partition("bounds")[2])
    ends = [end for end in found.groups() if end] if found else ["-5", "5"]
    low, high = (
        float(end.removesuffix("*pi")) * (math.pi if end.endswith("*pi") else 1) for end in ends
    )
    return (low, high) if low < high else (-5.0, 5.0)


def _benchmark_functions() -> Iterator[Objective]:
    module = importlib.import_module("benchmark_functions.benchmark_functions")
    for cls in _classes(module, module.BenchmarkFunction):
        problem = _made(cls, {"n_dimensions": 4}, {})
        if problem is not None:
            low, high = problem.suggested_bounds()
            yield Objective(cls.__name__, problem, list(zip(low, high, strict=True)), list)


def _mf2() -> Iterator[Objective]:
    package = importlib.import_module("mf2")
    adjustable = [getattr(package.adjustable, name) for name in ("branin", "hartmann3", "paciorek")]
    families = [*package.bi_fidelity_functions, *(one(0.5) for one in adjustable)]
    for family in families:
        bounds = list(zip(family.l_bound.tolist(), family.u_bound.tolist(), strict=True))
        for fidelity, function in zip(family.fidelity_names, family.functions, strict=True):
            yield Objective(f"{family.name} {fidelity}", function, bounds)


def _bayeso() -> Iterator[Objective]:
    package = importlib.import_module("bayeso_benchmarks")
    base = importlib.import_module("bayeso_benchmarks.benchmark_base")
    for cls in _classes(package, base.Function):
        problem = _made(cls, {"dim_problem": 4}, {})
        if problem is not None:
            bounds = [tuple(pair) for pair in problem.get_bounds().tolist()]
            yield Objective(cls.__name__, problem.output, bounds)


def _niapy() -> Iterator[Objective]:
    package = importlib.import_module("niapy.problems")
    for cls in _classes(package, package.Problem):
        problem = _made(cls, {"dimension": 5}, {})
        if problem is not None:
            bounds = list(zip(problem.lower.tolist(), problem.upper.tolist(), strict=True))
            yield Objective(cls.__name__, problem.evaluate, bounds)


def _optproblems() -> Iterator[Objective]:
    base = importlib.import_module("optproblems.base")
    for part in ("continuous", "cec2005", "zdt", "dtlz", "wfg"):
        module = importlib.import_module(f"optproblems.{part}")
        for cls in _classes(module, base.Problem):
            sizes = {"num_objectives": 3, "num_variables": 10}
            problem = _made(cls, {}, {"num_variables": 10}, sizes, {**sizes, "k": 4})
            if problem is not None and getattr(problem, "min_bounds", None) is not None:
                bounds = list(zip(problem.min_bounds, problem.max_bounds, strict=True))
                yield Objective(f"{part}.{cls.__name__}", problem.objective_function, bounds, list)


def _pymoo() -> Iterator[Objective]:
    base = importlib.import_module("pymoo.core.problem")
    for part in ("single", "multi", "many"):
        module = importlib.import_module(f"pymoo.problems.{part}")
        for cls in _classes(module, base.Problem):
            problem = _made(cls, {}, {"n_var": 6, "n_obj": 3}, {"n_var": 6})
            if problem is not None and problem.xl is not None and problem.vtype is not bool:
                bounds = list(zip(problem.xl.tolist(), problem.xu.tolist(), strict=True))
                yield Objective(cls.__name__, _alone(problem), bounds)


def _alone(problem: Any) -> Callable[[Any], Any]:
    """Return the objectives of a problem that takes many points, at one."""
    return lambda x: problem.evaluate(x, return_values_of=["F"])


COLLECTIONS = (
    Collection("opfunu", "1.0.4", _opfunu),
    Collection("deap", "1.4.4", _deap),
    Collection("pygoblet", "0.1.0", _pygoblet),
    Collection("PyBenchFCN", "1.0.3", _pybenchfcn),
    Collection("optimization-benchmarks", "0.3.0", _suite("optimization_benchmarks")),
    Collection("landscapes", "0.0.13", _landscapes),
    Collection("benchmark-functions", "1.1.4", _benchmark_functions),
    Collection("mf2", "2022.6.0", _mf2),
    Collection("banana-bench", "0.2.0", _suite("bananabench")),
    Collection("bayeso-benchmarks", "0.2.0", _bayeso),
    Collection("niapy", "2.7.1", _niapy),
    Collection("optproblems", "1.3", _optproblems),
    Collection("pymoo", "0.6.2", _pymoo),
)
