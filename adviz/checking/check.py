"""Whether derivatives are right, and if not, which one, where, by how much, and why.

Agreement in float64 proves little: forward mode, reverse mode and SymPy can share every rounding
error, as they do for (1 - cos x)/x² at 10⁻⁶. So SymPy's derivative is taken with as many digits as
it needs to settle, the same graph is replayed with as many, where a wrong rule cannot hide behind
rounding, and what float64 gives is measured against that. No tolerance is chosen: a derivative of
which only numbers are known may be off by what rounding explains, and that is computed.
"""

from __future__ import annotations

import math
from array import array as packed
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any, Literal

from adviz.calculus.parallel.columns import single_points
from adviz.calculus.parallel.lazy import present
from adviz.calculus.parallel.workers import Workers, starmap
from adviz.checking.points.packed import Points
from adviz.checking.points.reaching import reaching, unreached
from adviz.checking.points.sampling import drawn
from adviz.checking.points.sampling import near_kinks as beside_kinks
from adviz.checking.report import Report
from adviz.checking.truth.slopes import slopes
from adviz.checking.verdicts.claim import Gradient, claimed
from adviz.checking.verdicts.known import Job
from adviz.checking.verdicts.point import Judged, bench
from adviz.checking.verdicts.second_claim import Curvature, claimed_hessian, claimed_product
from adviz.checking.verdicts.worst import findings, proofs
from adviz.errors import AdvizError, PointError, TooLarge
from adviz.graph.graph import Graph
from adviz.language.asked import mapping, require, shown, truth
from adviz.modes.building import built_at, in_numbers
from adviz.modes.point import FloatPoint, named
from adviz.modes.verbs import evaluate, wanted_inputs
from adviz.numbers.given import array, float64, integer, is_array, whole
from adviz.numbers.precisions import FLOAT64, Precision, asked_format
from adviz.sources import Source, is_traced

DEFAULT_POINTS = 20
MOST_POINTS = 1_000_000
"""A report holds the numbers of every point, and judging one takes up to a millisecond."""
_CHUNK = 25
"""Points judged in one piece of work."""
_DIGITS_OF_SEED = 1000
"""Python writes no whole number of very many digits."""
_REMEMBERED = 256
"""How many calls of a function are remembered: both modes are witnessed by the same, about 50."""


def check(
    subject: Source,
    at: Any = None,
    *,
    points: int | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    seed: int = 0,
    near_kinks: bool = False,
    gradient: Gradient | None = None,
    hessian: Curvature | None = None,
    hvp: Curvature | None = None,
    order: Literal[1, 2] = 1,
    dtype: Any = None,
    wrt: str | Sequence[str] | None = None,
    executor: Workers | None = None,
    progress: Callable[[int, int], None] | None = None,
    verify: bool = True,
) -> Report:
    """Say of every derivative whether it is right, and if not, where it goes wrong and why.

    `subject` is anything `adviz.build` takes. `gradient` is a derivative of your own to be judged,
    a formula or a callable (see `adviz.checking.verdicts.claim.claimed`); without it, adviz's own
    modes are judged. `order=2` judges the second derivatives beside the first; `hessian` and `hvp`
    are second derivatives of your own (see `adviz.checking.verdicts.second_claim`). Numbers that
    come as float32, float16 or bfloat16 are judged by its rounding; `dtype` says it of others.
    Points are given (`at`: one, several, or arrays by input, of NumPy or Dask) or drawn (`points`,
    20 unless given, from `ranges` and the domains of the functions, by `seed`, and some more where
    these miss a branch); `near_kinks=True` adds the points beside and on the kinks between them.
    `executor` spreads the work as that of `adviz.evaluate_many` does. `progress(done, total)` is
    called as points are judged. `verify=False` does not compare a callable with its graph.

    Raises PointError for points that do not fit or cannot be drawn, TooLarge for more than a
    million of them, and AdvizError for a gradient or a Hessian that does not fit the function.

    >>> import adviz
    >>> adviz.check("(x + y)*(x - y)", gradient={"x": "2*x", "y": "2*y"}).verdict
    'wrong gradient'
    >>> report = adviz.check("(1 - cos(x))/x**2", at={"x": 1e-6})
    >>> report.verdict, report.findings[0].place.formula
    ('ill-conditioned', '1 - cos(x)')
    """
    _asked(at, points, ranges, progress)
    seed = _seed(seed)
    subject, first, given = _given(subject, at)
    graph = in_numbers(built_at(subject, first, verify))
    wanted = wanted_inputs(graph, wrt)
    claims = {"gradient": gradient, "hessian": hessian, "hvp": hvp}
    job = _job(graph, tuple(wanted), order, claims, first, _asked_format(dtype, claims))
    chosen = _points(graph, given, points, ranges or {}, seed, job.format)
    if truth("near_kinks", near_kinks):
        chosen = Points(graph.inputs, chain(chosen, beside_kinks(job.graph, chosen)))
    judged = _judged(job, chosen, executor, progress)
    return Report(
        graph=job.graph,
        points=chosen,
        seed=seed if at is None else None,
        findings=tuple(findings(job, chosen, judged, _opaque(graph, subject, first))),
        proofs=tuple(proofs(job)),
        unreached=unreached(graph, chosen) if at is None else (),
    )


def _asked(at: Any, points: Any, ranges: Any, progress: Any) -> None:
    """Refuse what says in no way where a check is to be made, or in two."""
    if ranges is not None:
        mapping("ranges", ranges, "{'x': (0, 1)}")
    told = progress is None or callable(progress)
    require(told, "progress", progress, "a function of (done, total)")
    if at is not None and (points is not None or ranges):
        raise PointError("give points by at=, or have them drawn by points= and ranges=, not both")


def _seed(given: Any) -> int:
    """Return what chooses the points; it is small enough to be told in the report."""
    seed = integer("seed", given)
    if seed is not None and abs(seed) < 10**_DIGITS_OF_SEED:
        return seed
    said = f"it is a whole number of at most {_DIGITS_OF_SEED} digits"
    raise PointError(f"seed = {shown(given)}; {said}")


def _job(
    graph: Graph,
    wanted: tuple[str, ...],
    order: int,
    given: Mapping[str, Any],
    at: Any,
    precision: Precision | None,
) -> Job:
    """Return what is judged: adviz's own derivatives up to an order, or what somebody claims.

    `at` is a point that the claim is asked for, if one is known, and `precision` the format that
    it is computed in.
    """
    require(type(order) is int and order in (1, 2), "order", order, "1 or 2")
    claims = {name: one for name, one in given.items() if one is not None}
    if not claims:
        return Job(graph, wanted, None, order)
    if len(claims) > 1:
        raise AdvizError(f"give one of {', '.join(f'{name}=' for name in claims)} at a time")
    ((name, one),) = claims.items()
    if name in _SECOND:
        second = _SECOND[name](graph, one, wanted, slopes(graph, wanted, 2).keys)
        return Job(graph, wanted, replace(second, precision=precision), 2)
    if order == 2:
        raise AdvizError("a gradient is of order 1; give second derivatives as hessian= or hvp=")
    return Job(graph, wanted, claimed(graph, one, wanted, at, precision))


def _asked_format(dtype: Any, claims: Mapping[str, Any]) -> Precision | None:
    """Return the format that a claim is said to be computed in, if that is said."""
    precision = asked_format(dtype)
    if precision is not None and not any(one is not None for one in claims.values()):
        raise AdvizError(
            "dtype= is what a gradient is computed in; give gradient=, hessian= or hvp="
        )
    return precision


_SECOND = {"hessian": claimed_hessian, "hvp": claimed_product}
"""What is claimed about second derivatives, by argument."""


def _opaque(graph: Graph, subject: Any, at: Any) -> Callable[..., float] | None:
    """Return a Python function as it is, of numbers in the order of the inputs.

    What it gives without being traced is a witness of its own. `at` is a point it is traced at.
    """
    if not is_traced(subject) or len(graph.outputs) > 1:
        return None
    from adviz.sources.arguments import Arguments

    call = Arguments(subject, None, {}, at).call

    @lru_cache(maxsize=_REMEMBERED)
    def called(place: bytes) -> float:
        return _number(call(dict(zip(graph.inputs, packed("d", place), strict=True))))

    return lambda *numbers: called(packed("d", numbers).tobytes())


def _number(result: Any) -> float:
    """Return the one number that a function of one output gives, whatever it is wrapped in."""
    while isinstance(result, Mapping | list | tuple):
        (result,) = result.values() if isinstance(result, Mapping) else result
    return float(result.item() if hasattr(result, "item") else result)


def _given(subject: Source, at: Any) -> tuple[Source, Any, Iterator[Any] | None]:
    """Return what is checked, of arrays their elements, the first of the points given and all.

    The points are None where they are to be drawn.
    """
    subject = in_numbers(subject) if isinstance(subject, Graph) else subject
    if at is None:
        return subject, None, None
    listed = iter(_listed(subject, at))
    first = next(listed, None)
    if first is None:
        raise PointError("at= holds no point; give one, or have points drawn by points=")
    return subject, first, chain([first], listed)


def _listed(subject: Source, at: Any) -> Iterable[Any]:
    """Return the points given, one or several; arrays are as good as lists.

    Arrays by input are many points, unless they may be vector arguments of a callable.
    """
    found = present(at)
    if isinstance(found, Mapping) and (found is not at or not callable(subject)):
        return single_points(found, getattr(subject, "vectors", None) or ())
    if isinstance(found, Iterator):
        return found
    at = _in_lists("at", found)
    several = isinstance(at, Sequence) and bool(at)
    if several and (isinstance(at[0], Mapping | Sequence) or hasattr(at[0], "tolist")):
        return (_in_lists(f"at[{place}]", one) for place, one in enumerate(at))
    return [at]


def _in_lists(name: str, found: Any) -> Any:
    """Return an array of numbers as lists, and anything else as it is."""
    if not hasattr(found, "tolist"):
        return found
    return array(name, found).tolist() if is_array(found) else found.tolist()


def _points(
    graph: Graph,
    given: Iterable[Any] | None,
    count: int | None,
    ranges: Mapping[str, tuple[float, float]],
    seed: int,
    precision: Precision,
) -> Points:
    """Return the points given; else some drawn, and more for the branches that these miss.

    What is drawn is rounded to a format, in which a claim is computed: there is the truth.
    """
    if given is not None:
        return Points(graph.inputs, (_finite(graph, point) for point in given))
    found = drawn(graph, _count(count), ranges, seed)
    more = reaching(graph, found, ranges, seed)
    every = Points(graph.inputs, chain(found, more)) if more else found
    return every if precision == FLOAT64 else Points(graph.inputs, map(precision.at, every))


def _count(points: int | None) -> int:
    if points is None:
        return DEFAULT_POINTS
    count = whole("points", points)
    if count > MOST_POINTS:
        raise TooLarge(
            f"points = {shown(points)} are more than a report holds, {MOST_POINTS}; check several "
            "times, each with a seed= of its own"
        )
    return count


def _finite(graph: Graph, at: Any) -> dict[str, float]:
    """Return a point as finite doubles that the graph describes."""
    point = {name: float64(name, value) for name, value in named(graph, at).items()}
    for name, value in point.items():
        if not math.isfinite(value):
            raise PointError(f"{name} = {value} is not finite; derivatives are checked where it is")
    if graph.guards:
        evaluate(graph, point, errors="ieee")
    return point


# --- work ----------------------------------------------------------------------------------------


def _judged(
    job: Job,
    points: Sequence[FloatPoint],
    workers: Workers | None,
    progress: Callable[[int, int], None] | None,
) -> Iterator[list[Judged]]:
    """Judge every point, in chunks, here or wherever an executor does it, in order."""
    starts = range(0, len(points), _CHUNK)
    chunks = ((job, start, points[start : start + _CHUNK]) for start in starts)
    results = starmap(judge_chunk, chunks, workers, what="the gradient")
    for start, result in zip(starts, results, strict=True):
        yield result
        if progress:
            progress(min(start + _CHUNK, len(points)), len(points))


def judge_chunk(job: Job, start: int, points: Sequence[FloatPoint]) -> list[Judged]:
    """Judge some points; `start` is the position of the first."""
    judge = bench(job).judge
    return [one for position, point in enumerate(points, start) for one in judge(position, point)]
