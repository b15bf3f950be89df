"""The call of optimisers: every kind, every target, every way to write an array."""

from __future__ import annotations

import array
import gc
import pickle
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import adviz
from adviz.compiler import targets
from adviz.compiler.vector import by_array
from adviz.errors import AdvizError, DomainError, PointError

OF_ONE = "x*sin(y)*z + exp(x - z)"
OF_TWO = {"p": "x*y/z", "q": "x + y*z"}
KINDS = {
    "value": OF_TWO,
    "gradient": OF_ONE,
    "jacobian": OF_TWO,
    "jvp": OF_TWO,
    "vjp": OF_TWO,
    "hvp": OF_ONE,
    "hessian": OF_ONE,
    "sparse_jacobian": OF_TWO,
    "sparse_hessian": OF_ONE,
}
RUNNING = [target.name for target in targets.TARGETS]
POINT = np.array([0.5, 1.5, 2.0])

WRITTEN: dict[str, Callable[[list[float]], Any]] = {
    "list": list,
    "tuple": tuple,
    "array": np.array,
    "every second": lambda numbers: np.repeat(numbers, 2)[::2],
    "backwards": lambda numbers: np.array(numbers[::-1])[::-1],
    "single precision": lambda numbers: np.array(numbers, np.float32),
    "other byte order": lambda numbers: np.array(numbers, np.dtype(np.float64).newbyteorder()),
    "unaligned": lambda numbers: np.frombuffer(b"." + np.array(numbers).tobytes(), offset=1),
    "read only": lambda numbers: np.frombuffer(np.array(numbers).tobytes()),
    "array.array": lambda numbers: array.array("d", numbers),
    "masked": np.ma.array,
    "integers of 64 bits": lambda numbers: np.array(numbers).view(np.int64).view(np.float64),
}
"""Ways to write a point whose numbers all formats hold."""


def compiled(source: Any, kind: str, target: str) -> adviz.compiler.kernel.Kernel:
    """Return a kernel, or skip what a target does not run."""
    try:
        return adviz.compile(source, kind, target=target)
    except AdvizError as error:
        pytest.skip(str(error))


def seeds(kernel: Any) -> list[list[float]]:
    """Return what is given beside the point, all in one."""
    more = len(kernel.parameters) - 3
    return [[0.25 * (k + 1) for k in range(more)]] if more else []


def flat(found: Any) -> list[float]:
    """Return all numbers of what a kernel gives, in the order in which it gives them."""
    if isinstance(found, tuple | list):
        return [number for part in found for number in flat(part)]
    if isinstance(found, dict):
        return flat([*found.values()])
    return [*np.ravel(found)]


@pytest.mark.parametrize("target", RUNNING)
@pytest.mark.parametrize("kind", KINDS)
def test_a_vector_s_numbers_are_those_of_the_call(kind: str, target: str) -> None:
    k = compiled(KINDS[kind], kind, target)
    given = seeds(k)
    called = k(*POINT.tolist(), *[number for part in given for number in part])
    assert flat(k.vector(POINT, *given)) == flat(called)


@pytest.mark.parametrize("target", RUNNING)
@pytest.mark.parametrize("written", WRITTEN)
def test_an_array_is_read_however_it_is_written(written: str, target: str) -> None:
    k = compiled(OF_ONE, "gradient", target)
    value, slopes = k.vector(WRITTEN[written](POINT.tolist()))
    assert type(value) is float
    assert [value, *slopes] == [*k.function(*POINT.tolist())]


@pytest.mark.parametrize("target", RUNNING)
def test_what_is_given_out_belongs_to_the_caller(target: str) -> None:
    k = compiled(OF_ONE, "gradient", target)
    x = POINT.copy()
    _, first = k.vector(x)
    known = first.copy()
    _, second = k.vector(2 * x)
    assert np.array_equal(first, known)
    assert not np.array_equal(first, second)
    first[:] = 0.0
    assert np.array_equal(k.vector(x)[1], known)
    assert np.array_equal(x, POINT)


@pytest.mark.parametrize("target", RUNNING)
@pytest.mark.parametrize(
    ("point", "error"),
    [
        ([1.0, 1.0], DomainError),
        ([1e200, 1e200], DomainError),
        ([800.0, 1.0], DomainError),
        ([float("inf"), 1.0], PointError),
        ([1.0, float("nan")], PointError),
    ],
)
def test_what_is_not_finite_is_told_as_by_the_call(
    point: list[float], error: type[AdvizError], target: str
) -> None:
    k = compiled("x*y + 1/(x - y) + exp(x)", "gradient", target)
    with pytest.raises(error) as of_call:
        k(*point)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for given in (point, np.array(point)):
            with pytest.raises(error) as of_vector:
                k.vector(given)
            assert str(of_vector.value) == str(of_call.value)


@pytest.mark.parametrize("target", RUNNING)
def test_results_whose_sum_overflows_are_results(target: str) -> None:
    k = compiled({"p": "x", "q": "2*y"}, "value", target)
    assert flat(k.vector(np.array([1.5e308, 0.8e308]))) == [1.5e308, 1.6e308]


@pytest.mark.parametrize("target", RUNNING)
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (3.0, "a vector is an array of real numbers, not 3.0"),
        (None, "a vector is an array of real numbers, not None"),
        ("xyz", "a vector is an array of real numbers, not 'xyz'"),
        ({"x": 1.0}, "a vector is an array of real numbers, not {'x': 1.0}"),
        (
            [[1.0], [1.0, 2.0]],
            "vector = [[1.0], [1.0, 2.0]] is no array; its rows have different lengths",
        ),
        (["a", "b"], "vector[0] = 'a' is str; it must be a real number"),
        ([1.0, 2j], "vector[1] = 2j is complex; it must be a real number"),
    ],
)
def test_what_is_no_vector_is_refused(given: Any, said: str, target: str) -> None:
    k = compiled("x*y", "gradient", target)
    with pytest.raises(PointError) as error:
        k.vector(given)
    assert str(error.value) == said


@pytest.mark.parametrize("target", RUNNING)
def test_a_vector_of_another_length_is_refused(target: str) -> None:
    k = compiled("x*y", "gradient", target)
    for given in ([1.0], [1.0, 2.0, 3.0], []):
        for written in (given, np.array(given)):
            with pytest.raises(PointError, match=f"^{len(given)} numbers for the 2 parameters x, "):
                k.vector(written)


@pytest.mark.parametrize("target", RUNNING)
def test_one_row_of_a_matrix_is_many_points(target: str) -> None:
    k = compiled("x*y", "gradient", target)
    value, slopes = k.vector(np.array([[3.0, 2.0]]))
    assert (value.shape, slopes.shape) == ((1,), (1, 2))
    assert (value.tolist(), slopes.tolist()) == ([6.0], [[2.0, 3.0]])


@pytest.mark.parametrize("target", RUNNING)
@pytest.mark.parametrize("kind", ["gradient", "hessian", "jacobian"])
def test_without_inputs_there_are_no_derivatives(kind: str, target: str) -> None:
    k = compiled("2*3", kind, target)
    value, slopes = k.vector(np.array([]))
    assert (flat(value), np.size(slopes)) == ([6.0], 0)


@pytest.mark.parametrize("target", RUNNING)
def test_a_vector_call_outlives_its_kernel(target: str) -> None:
    calls: list[Any] = [compiled(f"x*y*{k}.5", "gradient", target).vector for k in range(10)]
    first = [call(np.array([1.0, 2.0]))[0] for call in calls]
    copies = [pickle.loads(pickle.dumps(call)) for call in calls]  # noqa: S301 - our own bytes
    alone = [call.__self__._by_array for call in calls]
    calls.clear()
    gc.collect()
    assert first == [2.0 * (k + 0.5) for k in range(10)]
    assert [call(np.array([1.0, 2.0]))[0] for call in copies] == first
    assert [call(np.array([1.0, 2.0]))[0] for call in alone] == first


@pytest.mark.parametrize("target", RUNNING)
def test_vector_calls_leave_no_memory_behind(target: str) -> None:
    k = compiled("x*y", "gradient", target)
    given, other = np.array([1.0, 2.0]), np.array([1, 2])
    before = sys.getrefcount(given), sys.getrefcount(other)
    for _ in range(100):
        k.vector(given)
        k.vector(other)
        with pytest.raises(PointError):
            k.vector(given[:1])
    assert (sys.getrefcount(given), sys.getrefcount(other)) == before
    given.resize(3, refcheck=False)  # nobody holds its memory


@pytest.mark.parametrize("kind", KINDS)
def test_arrays_whose_structure_is_unknown_are_read_by_numpy(kind: str) -> None:
    k = compiled(KINDS[kind], kind, "native")
    given = np.concatenate([POINT, *seeds(k)])
    plain = replace(k._executable, by_array=None)
    called = by_array(plain, len(k.parameters), k._nesting)(given)
    found = by_array(k._executable, len(k.parameters), k._nesting)(given)
    assert repr(called) == repr(found)


@pytest.mark.parametrize("kind", KINDS)
def test_results_of_vector_calls_leave_no_memory_behind(kind: str) -> None:
    k = compiled(KINDS[kind], kind, "native")
    call, given = k._by_array, np.concatenate([POINT, *seeds(k)])
    refused = given[1:], given * np.nan, given.tolist(), None
    call(given)
    before = sys.getallocatedblocks()
    for _ in range(1000):
        call(given)
        assert [call(one) for one in refused] == [None] * 4
    assert sys.getallocatedblocks() - before < 100


def test_what_numpy_and_python_put_into_arrays_is_known() -> None:
    pytest.importorskip("llvmlite")
    from adviz.compiler.native import vector

    assert vector.readable()


@pytest.mark.parametrize("target", RUNNING)
def test_vectors_are_computed_in_many_threads(target: str) -> None:
    k = compiled(OF_ONE, "gradient", target)
    points = [POINT * (1 + 0.01 * place) for place in range(200)]
    alone = [k.vector(point)[1].tolist() for point in points]
    with ThreadPoolExecutor(4) as pool:
        assert [found[1].tolist() for found in pool.map(k.vector, points)] == alone


def test_a_large_hessian_is_whole_and_symmetric() -> None:
    graph = adviz.build(
        lambda x: sum(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in pairwise(x)),
        shapes={"x": 30},
    )
    x = np.linspace(-1, 1.3, 30)
    for target in ("python", "native"):
        k = compiled(graph, "hessian", target)
        _, second = k.vector(x)
        named = k(*x.tolist())[1]
        assert np.array_equal(second, second.T)
        assert second.tolist() == [[*row.values()] for row in named.values()]
