"""Beyond one machine: each point once and in its place, whoever computes it and whoever dies."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from concurrent.futures import ThreadPoolExecutor as Threads
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS, Formula
from deaths import Recorded, deadly, marks, slopes_of_shared, watched, while_one_dies
from hypothesis import given
from hypothesis import strategies as st

import adviz
from adviz.calculus.parallel.evaluate_many import evaluate_many
from adviz.calculus.parallel.workers import starmap
from adviz.checking.check_many import check_many

FORMULA = "sin(x)*y + where(x > 1, log(x), x*x*y)"
OUTPUTS = {"p": "x*y", "q": "sin(x) + y*y"}
RANDOM = np.random.default_rng(4)
X, Y = RANDOM.uniform(0.1, 3, 60), RANDOM.uniform(-2, 2, 60)
POINTS = [{"x": x, "y": y} for x, y in zip(X.tolist(), Y.tolist(), strict=True)]
DIRECTION = {"x": 0.5, "y": -2.0}

Calculus = Callable[[Any, Mapping[str, float]], Any]
KINDS: tuple[tuple[str, Any, dict[str, Any], Calculus], ...] = (
    ("gradient", FORMULA, {}, adviz.gradient),
    ("gradient", FORMULA, {"wrt": "y"}, partial(adviz.gradient, wrt="y")),
    ("jacobian", OUTPUTS, {}, adviz.jacobian),
    ("jvp", FORMULA, {"direction": DIRECTION}, partial(adviz.jvp, direction=DIRECTION)),
    ("jvp", OUTPUTS, {"direction": "y"}, partial(adviz.jvp, direction="y")),
    ("vjp", OUTPUTS, {"cotangent": {"q": 3}}, partial(adviz.vjp, cotangent={"q": 3})),
    ("hvp", FORMULA, {"direction": DIRECTION}, partial(adviz.hvp, direction=DIRECTION)),
    (
        "hvp",
        FORMULA,
        {"direction": "x", "wrt": "y"},
        partial(adviz.hvp, direction="x", wrt="y"),
    ),
    ("hessian", FORMULA, {}, adviz.hessian),
    ("sparse_jacobian", OUTPUTS, {}, partial(adviz.jacobian, sparse=True)),
    ("sparse_hessian", FORMULA, {}, partial(adviz.hessian, sparse=True)),
)
"""Each kind, with what it is asked of and how a point by itself is asked."""


def numbers(result: Any) -> list[Any]:
    """Return the numbers of a nested result in order."""
    if isinstance(result, Mapping | tuple):
        parts = result.values() if isinstance(result, Mapping) else result
        return [number for one in parts for number in numbers(one)]
    return [result]


def same(first: Any, second: Any) -> bool:
    """Return whether two results are the same to the last bit, by the same names."""
    return str(type(first)) == str(type(second)) and all(
        np.array_equal(a, b, equal_nan=True)
        for a, b in zip(numbers(first), numbers(second), strict=True)
    )


# --- what is computed ----------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "source", "options", "alone"), KINDS)
def test_many_points_are_each_point_by_itself(
    kind: str, source: Any, options: dict[str, Any], alone: Calculus
) -> None:
    found = evaluate_many(source, POINTS, kind=kind, **options)
    arrays = evaluate_many(source, {"x": X, "y": Y}, kind=kind, **options)
    for k, point in enumerate(POINTS):
        wanted = numbers((adviz.evaluate(source, point).value, alone(source, point)))
        assert numbers(found[k]) == pytest.approx(wanted, rel=1e-13, abs=1e-13)
        assert [one[k] for one in numbers(arrays)] == numbers(found[k])
    names = alone(source, POINTS[0])
    assert not isinstance(names, Mapping) or list(found[0][1]) == list(names)


@pytest.mark.parametrize("formula", CORPUS[::4], ids=lambda formula: formula.name)
def test_every_formula_is_that_of_the_sweeps(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    at = {n: RANDOM.uniform(*formula.ranges.get(n, (0.2, 0.9)), 9) for n in graph.inputs}
    value, jacobian = evaluate_many(graph, at, kind="jacobian", chunk=4)
    wanted = adviz.evaluate(graph, at, errors="ieee").value, adviz.jacobian(graph, at)
    for one, other in zip(numbers((value, jacobian)), numbers(wanted), strict=True):
        assert np.allclose(
            one, np.broadcast_to(other, (9,)), rtol=1e-10, atol=1e-12, equal_nan=True
        )


def test_a_value_alone_is_no_pair() -> None:
    assert evaluate_many("x*y", [(3, 2)], kind="value") == [6.0]
    assert evaluate_many(OUTPUTS, [(0, 2)], kind="value") == [{"p": 0.0, "q": 4.0}]


def test_arrays_are_broadcast_and_numbers_among_them() -> None:
    value, slopes = evaluate_many("x*y*z", {"x": X[:, None], "y": Y[:5], "z": 2}, chunk=7)
    assert value.shape == slopes["z"].shape == (60, 5)
    assert np.array_equal(slopes["z"], X[:, None] * Y[:5])
    assert evaluate_many("x*y", {"x": 3, "y": 2}) == (6.0, {"x": 2.0, "y": 3.0})
    assert evaluate_many("x*y", {"x": X[:0], "y": 2.0})[0].shape == (0,)
    assert same(evaluate_many("7", {}), (7.0, {}))


def test_a_table_has_the_inputs_on_its_last_axis() -> None:
    table = np.stack([X, Y], axis=-1)
    assert same(evaluate_many(FORMULA, table), evaluate_many(FORMULA, {"x": X, "y": Y}))


def test_a_direction_may_differ_from_point_to_point() -> None:
    _, slopes = evaluate_many("x*y", {"x": X, "y": Y}, kind="jvp", direction={"x": Y}, chunk=7)
    assert np.array_equal(slopes, Y * Y)


def test_vector_arguments_have_their_elements_on_the_last_axis() -> None:
    def norm(v: Any, s: Any) -> Any:
        return s * sum(part * part for part in v)

    graph = adviz.build(norm, shapes={"v": 3})
    v = RANDOM.uniform(size=(4, 3))
    value, slopes = evaluate_many(graph, {"v": v, "s": 2.0})
    assert np.allclose(value, 2 * (v * v).sum(axis=1))
    assert np.allclose(np.stack([*slopes.values()][:3], axis=-1), 4 * v)


@pytest.mark.parametrize("target", ["python", "native"])
def test_the_target_may_be_chosen(target: str) -> None:
    if target == "native":
        pytest.importorskip("llvmlite", reason="llvmlite is not installed")
    at = {"x": X, "y": Y}
    for one, other in zip(
        numbers(evaluate_many(FORMULA, at, target=target)),
        numbers(evaluate_many(FORMULA, at)),
        strict=True,
    ):
        assert np.allclose(one, other, rtol=1e-13)
    with pytest.raises(adviz.AdvizError, match=r"^there is no target 'fortran'"):
        evaluate_many(FORMULA, at, target="fortran")


def test_an_iterator_gives_an_iterator_that_reads_no_further_than_it_must() -> None:
    read: list[int] = []

    def points() -> Iterator[dict[str, float]]:
        for k in range(1000):
            read.append(k)
            yield {"x": k, "y": 2.0}

    found = evaluate_many("x*y", points(), kind="value", chunk=10)
    assert not read
    assert next(found) == 0.0 and len(read) == 10
    assert sum(found) == 2 * sum(range(1000))


def test_many_formulas_take_their_own_inputs_or_their_own_points() -> None:
    assert evaluate_many(["x*y", "x + 1"], {"x": 2.0, "y": 3.0}, kind="value") == [6.0, 3.0]
    assert evaluate_many(["x*y", "x + 1"], [(2, 3), 5], kind="value") == [6.0, 6.0]
    found = evaluate_many((f"{k}*x" for k in range(40)), {"x": X}, chunk=3)
    assert all(np.array_equal(value, k * X) for k, (value, _) in enumerate(found))


# --- who computes it -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2) as pool:
        yield pool


@pytest.mark.parametrize("chunk", [1, 7, 60, 1000])
@pytest.mark.parametrize(("kind", "source", "options", "alone"), KINDS[::3])
def test_neither_chunks_nor_executors_change_a_bit(
    kind: str, source: Any, options: dict[str, Any], alone: Calculus, chunk: int, processes: Any
) -> None:
    at, options = {"x": X.reshape(6, 10), "y": Y.reshape(6, 10)}, {"kind": kind, **options}
    here = evaluate_many(source, at, **options)
    listed = evaluate_many(source, POINTS, **options)
    with Threads(3) as threads:
        for executor in (None, threads, processes, partial(ProcessPoolExecutor, 1)):
            there = evaluate_many(source, at, executor=executor, chunk=chunk, **options)
            assert same(here, there)
            if executor in (threads, processes):
                found = evaluate_many(source, POINTS, executor=executor, chunk=chunk, **options)
                assert found == listed


def test_many_formulas_are_the_same_elsewhere(processes: Executor) -> None:
    texts = [formula.text for formula in CORPUS[:30]]
    at = {name: 0.5 for text in texts for name in adviz.build(text).inputs}
    here = evaluate_many(texts, at, kind="jacobian")
    assert str(evaluate_many(texts, at, kind="jacobian", executor=processes, chunk=4)) == str(here)


def test_primitives_of_ones_own_travel(processes: Executor) -> None:
    cube = adviz.primitive("cube", "x*x*x", partials="3*x*x")
    graph = adviz.build("y*cube(x)", functions=[cube])
    at = {"x": X, "y": Y}
    assert same(evaluate_many(graph, at, executor=processes, chunk=9), evaluate_many(graph, at))


def test_checks_are_the_same_elsewhere(processes: Executor) -> None:
    subjects = ["x*y", "(1 - cos(x))/x**2", adviz.Scenario(function="x**2", gradient="x")]
    here = check_many(subjects, points=3)
    there = check_many(subjects, points=3, executor=processes)
    assert [str(one) for one in there] == [str(one) for one in here]
    assert [one.verdict for one in here] == ["agrees", "agrees", "wrong gradient"]
    assert next(check_many(iter(subjects), points=3)).verdict == "agrees"


def slowly(number: int, times: dict[int, float]) -> int:
    time.sleep(times.get(number, 0.0))
    return number * number


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(1, 6))
def test_results_come_in_order_whoever_is_first(delays: list[int], in_flight: int) -> None:
    chunks = [(k, {k: delay / 2000}) for k, delay in enumerate(delays)]
    with Threads(4) as threads:
        found = list(starmap(slowly, chunks, threads, in_flight=in_flight))
    assert found == [k * k for k in range(len(delays))]


class Late(Future[Any]):
    """What is done only when somebody waits for it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self.work = work

    def result(self, timeout: float | None = None) -> Any:
        if not self.done():
            self.set_result(self.work())
        return super().result(timeout)


class Waiting(Executor):
    """An executor that counts what it was given, and works when somebody waits."""

    def __init__(self) -> None:
        self.submitted = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        return Late(partial(fn, *args, **kwargs))


@pytest.mark.parametrize("in_flight", [1, 5, 32])
def test_no_more_is_in_flight_than_was_said(in_flight: int) -> None:
    recording, read = Waiting(), 0

    def points() -> Iterator[float]:
        nonlocal read
        for k in range(1000):
            read += 1
            yield float(k)

    found = evaluate_many(
        "x*x", points(), kind="value", executor=recording, chunk=5, in_flight=in_flight
    )
    for k, value in enumerate(found):
        received = k // 5
        assert value == k * k
        assert recording.submitted <= received + in_flight
        assert read <= 5 * (received + in_flight)
    assert recording.submitted == 200


def test_what_is_done_is_yielded_before_more_is_read() -> None:
    class Prompt(Waiting):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(fn, *args, **kwargs)
            future.result()
            return future

    prompt = Prompt()
    found = evaluate_many("x*x", (float(k) for k in range(100)), executor=prompt, chunk=5)
    assert next(found)[0] == 0.0 and prompt.submitted == 1
    assert len(list(found)) == 99 and prompt.submitted == 20


def test_a_check_has_no_more_in_flight_either(monkeypatch: pytest.MonkeyPatch) -> None:
    recording, ahead = Waiting(), []

    def progress(done: int, total: int) -> None:
        ahead.append(recording.submitted - done // 25)

    report = adviz.check(
        "x*x", at={"x": np.linspace(1, 2, 2000)}, executor=recording, progress=progress
    )
    assert len(report.points) == 2000 and recording.submitted == 80
    assert max(ahead) < 32


def test_a_function_is_sent_as_bytes_that_are_read_once() -> None:
    sent: list[Any] = []

    class Copying(Waiting):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            args = pickle.loads(pickle.dumps(args))  # noqa: S301 - our own bytes
            sent.append(args[1])
            return super().submit(fn, *args, **kwargs)

    evaluate_many(FORMULA, {"x": X, "y": Y}, executor=Copying(), chunk=10)
    assert len(sent) == 6 and len({id(one) for one in sent}) == 1


# --- what goes wrong -----------------------------------------------------------------------------


class Broken:
    """What is pickled and cannot be unpickled."""

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return int, ("no number",)


class Unportable(Exception):
    """An exception that cannot be unpickled, as many are."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)
        self.held = Broken()  # else what other packages register for exceptions carries it


def raising(number: int) -> int:
    if number == 3:
        raise Unportable("three ", "is bad")
    return number


def test_an_exception_that_cannot_travel_breaks_no_pool(processes: Executor) -> None:
    found = starmap(raising, [(k,) for k in range(9)], processes)
    assert [next(found), next(found), next(found)] == [0, 1, 2]
    with pytest.raises(adviz.AdvizError, match="Unportable: three is bad"):
        next(found)
    with pytest.raises(adviz.AdvizError, match="is not an operator"):
        evaluate_many(["x", "x^2"], {"x": 1}, executor=processes, errors="raise")
    assert processes.submit(abs, -1).result() == 1


def dividing(number: int) -> float:
    return 1 / number


def test_an_exception_from_elsewhere_brings_its_traceback(processes: Executor) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        list(starmap(dividing, [(0,)], processes))
    (note,) = caught.value.__notes__
    assert "return 1 / number" in note and note.startswith("raised in process")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_one_bad_point_or_formula_does_not_lose_the_rest(
    elsewhere: bool, processes: Executor
) -> None:
    executor = processes if elsewhere else None
    found = evaluate_many("log(x)", [1.0, {"q": 2}, -1.0, 2], executor=executor)
    assert found[0] == (0.0, {"x": 1.0}) and found[3][1] == {"x": 0.5}
    assert isinstance(found[1], adviz.AdvizError) and np.isnan(found[2][0])
    assert str(found[1]) == "point 1: there is no input 'q'; the only input is x"
    found = evaluate_many(["x", "x^2", "y", "1/x"], {"x": 2.0}, executor=executor, chunk=2)
    assert [isinstance(one, adviz.AdvizError) for one in found] == [False, True, True, False]
    assert str(found[1]).startswith("formula 1, x^2: ^ is not an operator here")
    assert str(found[2]).startswith("formula 2, y: the point gives no value for y")
    reports = check_many(["x", "x^2"], points=2, errors="keep", executor=executor)
    assert reports[0].verdict == "agrees" and str(reports[1]).startswith("formula 1, x^2: ^ is")


@pytest.mark.parametrize(("kind", "source", "options", "alone"), KINDS)
@pytest.mark.parametrize("shape", [(), (60,), (4, 15)])
def test_results_are_written_to_what_is_given(
    kind: str, source: Any, options: dict[str, Any], alone: Calculus, shape: tuple[int, ...]
) -> None:
    at = {"x": X[: np.prod(shape, dtype=int)].reshape(shape), "y": Y[0]}
    wanted = evaluate_many(source, at, kind=kind, chunk=7, **options)
    out = emptied(wanted, np.shape(at["x"]))
    assert evaluate_many(source, at, kind=kind, chunk=7, out=out, **options) is out
    for one, other in zip(numbers(out), numbers(wanted), strict=True):
        assert one.shape == shape and np.array_equal(one, other)


def test_results_are_written_to_a_file(tmp_path: Path) -> None:
    kept = np.lib.format.open_memmap(tmp_path / "slopes.npy", "w+", np.float64, (2, 60))
    value, slopes = evaluate_many("x*y", {"x": X, "y": Y}, chunk=7)
    evaluate_many("x*y", {"x": X, "y": Y}, chunk=7, out=(value, dict(zip("xy", kept, strict=True))))
    kept.flush()
    assert np.array_equal(np.load(tmp_path / "slopes.npy"), [slopes["x"], slopes["y"]])


def emptied(result: Any, shape: tuple[int, ...]) -> Any:
    """Return arrays of a shape for a result, nested as it is."""
    if isinstance(result, tuple):
        return tuple(emptied(part, shape) for part in result)
    if isinstance(result, Mapping):
        return {name: emptied(part, shape) for name, part in result.items()}
    return np.full(shape, np.nan)


SPARE = np.zeros((8, 60))


@pytest.mark.parametrize(
    ("out", "words"),
    [
        (SPARE, "out must be a pair, value and derivative; it is ndarray"),
        ([SPARE[0]], "out must be a pair, value and derivative; it is list of 1"),
        ((SPARE[0], SPARE[1]), r"out\[1\] must be a mapping with x, y; it is ndarray"),
        ((SPARE[0], {"x": SPARE[1]}), r"out\[1\] must be a mapping with x, y; it has x"),
        (
            ([0.0] * 60, {"x": SPARE[1], "y": SPARE[2]}),
            r"out\[0\] must be a contiguous float64 array of shape \(60,\) that can be written to; "
            "it is list",
        ),
        *(
            ((SPARE[0], {"x": SPARE[1], "y": array}), rf"out\[1\]\['y'\] must be .*; it is {fault}")
            for array, fault in (
                (SPARE[2].astype(np.float32), "one of float32"),
                (SPARE[2, :59], r"one of shape \(59,\)"),
                (SPARE.reshape(-1)[::8], "not contiguous"),
            )
        ),
        (
            (np.frombuffer(bytes(480)), {"x": SPARE[1], "y": SPARE[2]}),
            r"out\[0\] must be .*; it is read only",
        ),
        (
            (SPARE[0], {"x": SPARE[1], "y": SPARE[0]}),
            r"out\[0\] and out\[1\]\['y'\] are the same memory",
        ),
        (
            (SPARE[0], {"x": X, "y": SPARE[1]}),
            r"out\[1\]\['x'\] and what is given for x are the same memory",
        ),
    ],
)
def test_what_results_cannot_be_written_to_is_one_clear_error(out: Any, words: str) -> None:
    with pytest.raises(adviz.AdvizError, match=f"^{words}"):
        evaluate_many("x*y", {"x": X, "y": Y}, out=out)


@pytest.mark.parametrize(
    ("source", "at", "what"),
    [(["x"], {"x": X}, "formulas"), ("x", [1.0, 2.0], "points by themselves")],
)
def test_only_arrays_of_points_have_memory_given(source: Any, at: Any, what: str) -> None:
    words = f"^{what} have results of their own; out= is for arrays of points$"
    with pytest.raises(adviz.AdvizError, match=words):
        evaluate_many(source, at, out=(SPARE[0], {"x": SPARE[1]}))


def positive(x: Any) -> Any:
    return x * x if x > 0 else -x


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            {"source": "log(x)", "at": {"x": np.array([3.0, 2, 1, 0, -1])}, "errors": "raise"},
            r"point 3 \(x = 0.0\): log is undefined at 0.0",
        ),
        (
            {"source": "x*log(y)", "at": [(1, 2), (3, 0)], "errors": "raise"},
            r"point 1 \(x = 3.0, y = 0.0\): log is undefined at 0.0",
        ),
        (
            {"source": positive, "at": {"x": [1.0, 2.0, -3.0]}},
            r"point 2 \(x = -3.0\): the graph does not describe this point: it was built where",
        ),
        (
            {"source": ["x", "log(x)"], "at": {"x": -1.0}, "errors": "raise"},
            r"formula 1, log\(x\): point 0 \(x = -1.0\): log is undefined at -1.0",
        ),
        ({"source": "x*y", "at": {"x": X}}, "the point gives no value for y"),
        ({"source": "x*y", "at": {"x": X, "y": Y[:7]}}, r"shapes are x: \(60,\), y: \(7,\)"),
        ({"source": "x", "at": {"x": ["a"]}}, r"x\[0\] = 'a' is str; it must be a real number"),
        (
            {"source": "x", "at": {"x": [[1], [1, 2]]}},
            "is no array; its rows have different lengths",
        ),
        ({"source": "x*y", "at": np.ones((3, 3))}, r"the last axis .* x, y; its shape is \(3, 3\)"),
        ({"source": "x", "at": 3.0}, "at is float; give a mapping of arrays"),
        ({"source": ["x", "2*x"], "at": [1.0]}, "there are 1 points and more formulas"),
        ({"source": "x", "at": {"x": X}, "kind": "slope"}, "no kind 'slope'; kinds are value, gra"),
        ({"source": "x", "at": {"x": X}, "errors": "ignore"}, "errors = 'ignore'; it is 'raise'"),
        ({"source": "x", "at": {"x": X}, "chunk": 0}, "chunk = 0 must be a whole number from 1"),
        ({"source": "x*y", "at": {"x": X, "y": 1}, "kind": "jvp"}, "give a direction: one of x, y"),
        ({"source": "x", "at": {"x": X}, "direction": "x"}, "a gradient has no direction; that is"),
        (
            {"source": OUTPUTS, "at": {"x": X, "y": Y}},
            "gradient is of one output; there are p, q",
        ),
        (
            {"source": "x", "at": [1.0], "kind": "jvp", "direction": {"x": X}},
            "x is an array; so must the points be",
        ),
        ({"source": "x", "at": {"x": X}, "executor": 4}, "executor is int; it must be a concurre"),
    ],
)
def test_bad_input_is_one_clear_error(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(adviz.AdvizError, match=words):
        evaluate_many(**arguments)


# --- who dies ------------------------------------------------------------------------------------


def each_chunk_counted_once(folder: Path, starts: range) -> None:
    """What was lost was done again: every chunk was done, and more were begun than there are."""
    begun, done = marks(folder, ".begun"), marks(folder, ".done")
    assert set(done) >= set(starts)
    assert begun.total() > len(starts) and set(begun) - {-1} == set(starts)


MANY = {"x": np.arange(1.0, 2001.0), "y": np.arange(2000.0)}


def test_a_pool_that_can_be_made_again_loses_nothing(tmp_path: Path) -> None:
    def pool() -> Executor:
        return Recorded(ProcessPoolExecutor(2), tmp_path)

    value, slopes = while_one_dies(
        tmp_path, lambda: evaluate_many("x*y", MANY, executor=pool, chunk=100)
    )
    assert np.array_equal(value, MANY["x"] * MANY["y"])
    assert np.array_equal(slopes["y"], MANY["x"]) and slopes["y"].sum() == 2001000.0
    each_chunk_counted_once(tmp_path, range(0, 2000, 100))


def test_a_pool_that_cannot_says_how_far_it_was(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2) as inner, pytest.raises(adviz.AdvizError) as caught:
        pool = Recorded(inner, tmp_path)
        while_one_dies(tmp_path, lambda: evaluate_many("x*y", MANY, executor=pool, chunk=100))
    assert "a worker died, and its pool with it; " in str(caught.value)
    assert "finished before. Give a function that makes pools" in str(caught.value)
    assert isinstance(caught.value.__cause__, BrokenExecutor)


def test_a_chunk_that_kills_whoever_takes_it_is_not_tried_for_ever() -> None:
    received: list[int] = []
    with pytest.raises(adviz.AdvizError, match="died 4 times in a row at the same work; 5 ch"):
        for one in starmap(deadly, [(k,) for k in range(9)], partial(ProcessPoolExecutor, 2)):
            received.append(one)
    assert received == [0, 1, 2, 3, 4]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Return a client of a Dask cluster of two processes on this machine."""
    distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
    dask = pytest.importorskip("dask")
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "10 minutes"}),
        distributed.LocalCluster(processes=True, **options) as workers,
        distributed.Client(workers) as found,
    ):
        yield found


@pytest.fixture
def client(cluster: Any) -> Any:
    """Return the client when both workers are there, also after one was killed."""
    cluster.wait_for_workers(2)
    return cluster


in_cluster = pytest.mark.xdist_group("dask cluster")


@in_cluster
def test_a_cluster_that_loses_a_worker_loses_no_point(client: Any, tmp_path: Path) -> None:
    executor = Recorded(client.get_executor(), tmp_path)
    found = while_one_dies(
        tmp_path, lambda: evaluate_many(FORMULA, MANY, executor=executor, chunk=100)
    )
    assert same(found, evaluate_many(FORMULA, MANY))
    each_chunk_counted_once(tmp_path, range(0, 2000, 100))


@in_cluster
def test_a_check_that_loses_a_worker_is_the_same_report(client: Any, tmp_path: Path) -> None:
    options: dict[str, Any] = {"points": 200, "seed": 3, "gradient": slopes_of_shared}
    executor = Recorded(client.get_executor(), tmp_path)
    there = while_one_dies(
        tmp_path, lambda: adviz.check("(x - m)**2", executor=executor, **options)
    )
    here = adviz.check("(x - m)**2", **options)
    assert json.dumps(there.to_json()) == json.dumps(here.to_json()) and str(there) == str(here)
    assert here.verdict == "wrong gradient"
    assert sum(here.counts.values()) == sum(there.counts.values()) == 400
    each_chunk_counted_once(tmp_path, range(0, 200, 25))


@in_cluster
def test_dask_arrays_are_lazy_and_survive_a_worker(client: Any, tmp_path: Path) -> None:
    da: Any = pytest.importorskip("dask.array")
    plain, folder = da.arange(4000, chunks=200, dtype=float), str(tmp_path)
    x = plain.map_blocks(watched, folder=folder, dtype=float, meta=np.empty(0))
    y = da.ones(4000, chunks=300)
    value, slopes = evaluate_many("x*x*y + x", {"x": x, "y": y})
    assert isinstance(value, da.Array) and isinstance(slopes["y"], da.Array)
    total = da.stack([value.sum(), slopes["x"].sum(), slopes["y"].sum()])
    assert not [*tmp_path.iterdir()]
    n = np.arange(4000.0)
    wanted = [(n * n + n).sum(), (2 * n + 1).sum(), (n * n).sum()]
    assert while_one_dies(tmp_path, total.compute).tolist() == wanted
    assert set(marks(tmp_path, ".done")) >= {*range(0, 4000, 200)}


@in_cluster
def test_a_client_and_a_bag_serve_as_well(client: Any) -> None:
    bag: Any = pytest.importorskip("dask.bag")
    points = bag.from_sequence(POINTS, npartitions=4)
    found = evaluate_many(FORMULA, points)
    assert isinstance(found, bag.Bag)
    wanted = evaluate_many(FORMULA, POINTS)
    assert found.compute() == wanted
    assert evaluate_many(FORMULA, POINTS, executor=client, chunk=8) == wanted
    some = points.filter(lambda point: point["x"] > 100)
    assert evaluate_many(FORMULA, some).compute() == []
    texts = [formula.text for formula in CORPUS[:12]] + ["x^2"]
    at = {name: 0.5 for text in texts[:-1] for name in adviz.build(text).inputs}
    found = evaluate_many(bag.from_sequence(texts, npartitions=3), at, kind="value").compute()
    assert found[:-1] == evaluate_many(texts[:-1], at, kind="value")
    assert str(found[-1]).startswith("the formula x^2: ^ is not an operator here")
    reports = check_many(bag.from_sequence(["x*y", "x"], npartitions=2), points=2).compute()
    assert [str(one) for one in reports] == [str(one) for one in check_many(["x*y", "x"], points=2)]


@in_cluster
def test_a_chunk_that_kills_dask_workers_is_one_clear_error(client: Any) -> None:
    def patience(dask_scheduler: Any, deaths: int) -> int:
        before, dask_scheduler.allowed_failures = dask_scheduler.allowed_failures, deaths
        return int(before)

    before = client.run_on_scheduler(patience, deaths=0)
    try:
        found = starmap(deadly, [(k,) for k in (1, 2, 5)], client, in_flight=1)
        assert next(found) == 1
        with pytest.raises(
            adviz.AdvizError, match=r"lost a chunk \(KilledWorker: .*1 chunk was|2 ch"
        ):
            list(found)
    finally:
        client.run_on_scheduler(patience, deaths=before)


# --- Dask without a cluster ----------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "source", "options", "alone"), KINDS)
def test_dask_arrays_are_what_arrays_are(
    kind: str, source: Any, options: dict[str, Any], alone: Calculus
) -> None:
    da: Any = pytest.importorskip("dask.array", reason="dask is not installed")
    at = {"x": da.from_array(X, chunks=25)[:, None], "y": da.from_array(Y, chunks=35)}
    found = evaluate_many(source, at, kind=kind, **options)
    wanted = evaluate_many(source, {"x": X[:, None], "y": Y}, kind=kind, **options)
    for lazy, array in zip(numbers(found), numbers(wanted), strict=True):
        assert isinstance(lazy, da.Array) and lazy.shape == array.shape == (60, 60)
        assert np.array_equal(lazy.compute(scheduler="threads"), array)


def test_blocks_of_unknown_size_numbers_and_tables_may_be_among_them() -> None:
    da: Any = pytest.importorskip("dask.array", reason="dask is not installed")
    x = da.from_array(X, chunks=25)
    value, _ = evaluate_many("x*y", {"x": x[x > 1], "y": 2})
    assert np.array_equal(value.compute(scheduler="sync"), 2 * X[X > 1])
    table = da.stack([x, x], axis=-1)
    assert np.array_equal(evaluate_many("x*y", table, kind="value").compute(), X * X)
    value = evaluate_many("x*y", {"x": X, "y": x}, kind="value")
    assert isinstance(value, da.Array) and np.array_equal(value.compute(), X * X)


def test_checks_take_arrays_iterators_and_what_dask_holds() -> None:
    da: Any = pytest.importorskip("dask.array", reason="dask is not installed")
    dask, bag = pytest.importorskip("dask"), pytest.importorskip("dask.bag")

    wanted = str(adviz.check("x*y", at=[{"x": x, "y": 2.0} for x in X.tolist()]))
    with dask.config.set(scheduler="sync"):
        for at in (
            {"x": X, "y": 2.0},
            {"x": da.from_array(X, chunks=7), "y": 2.0},
            bag.from_sequence([{"x": x, "y": 2.0} for x in X.tolist()], npartitions=3),
            ({"x": x, "y": 2.0} for x in X.tolist()),
            da.from_array(np.stack([X, 0 * X + 2], axis=-1)),
        ):
            assert str(adviz.check("x*y", at=at)) == wanted


def test_what_dask_computes_takes_no_executor() -> None:
    da: Any = pytest.importorskip("dask.array", reason="dask is not installed")
    with Threads(1) as pool, pytest.raises(adviz.AdvizError, match="computed by Dask itself"):
        evaluate_many("x", {"x": da.ones(3)}, executor=pool)


def test_what_dask_computes_takes_no_memory() -> None:
    da: Any = pytest.importorskip("dask.array", reason="dask is not installed")
    with pytest.raises(adviz.AdvizError, match=r"^Dask arrays have results of their own; out= is"):
        evaluate_many("x", {"x": da.ones(3)}, out=(SPARE[0], {"x": SPARE[1]}))


def test_an_undefined_point_in_a_block_is_told() -> None:
    da: Any = pytest.importorskip("dask.array", reason="dask is not installed")
    found = evaluate_many("log(x)", {"x": da.arange(5, chunks=2) - 3.0}, errors="raise")
    with pytest.raises(adviz.AdvizError, match=r"at x = -[123].0: log is undefined at -[123].0"):
        found[0].compute(scheduler="sync")
