"""Machine code: every row has its digits in it, one point or many, and nothing breaks it."""

from __future__ import annotations

import ctypes
import gc
import inspect
import itertools
import math
import os
import random
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS, Formula
from laws import (
    TINIEST,
    UNIT,
    Arguments,
    by_position,
    condition,
    exactly,
    gradient_rounding,
    graph_of,
    inside,
    point_of,
    points,
    rounding,
    settled,
)
from samples import places

import adviz
from adviz.compiler import llvm, native
from adviz.compiler.executable import Executable
from adviz.compiler.llvm.instructions import Processor
from adviz.compiler.llvm.vectors import VECTORS
from adviz.compiler.native import cached, entry, host, machine
from adviz.compiler.native.columns import Points, processors
from adviz.compiler.program.program import program
from adviz.errors import AdvizError
from adviz.numbers import FLOAT64, multiprecision
from adviz.numbers.special import FUNCTIONS
from adviz.primitives import TABLE, Primitive

pytest.importorskip("llvmlite")

SPECIAL = (
    0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 2.0, 3.0, 1e-300, 5e-324, 1e300, -1e300, 710.0, -745.2,
    1025.0, 1e22, math.inf, -math.inf, math.nan,
)  # fmt: skip
BORROWED = {"digamma", "polygamma", "spherical_jn", *FUNCTIONS} - {"factorial"}
"""Rows that no C library has."""
HERE = [pytest.param(row, id=row.name) for row in TABLE.values() if row.name not in BORROWED]
WITH_ARGUMENTS = [p for p in HERE if TABLE[str(p.id)].arity]
DENSITY = "exp(-((x-m)/s)**2/2)/(s*sqrt(2*pi))"


@cache
def executable(source: Any, kind: str = "value") -> Executable:
    return native.executable(program(adviz.build(source), kind))


@cache
def executable_of(name: str, kind: str = "value") -> Executable | None:
    """Return a row as machine code, unless its derivative has rows that no library has."""
    wanted = program(graph_of(TABLE[name]), kind)
    return None if native.lacking(wanted) else native.executable(wanted)


def both(made: Executable, at: Sequence[tuple[float, ...]]) -> Iterator[tuple[int, list[float]]]:
    """Yield the results at every point, computed alone and side by side."""
    columns = [np.array(column) for column in zip(*at, strict=True)]
    together, _ = made.many(columns, len(at))
    for index, point in enumerate(at):
        yield index, list(made.function(*point))
        yield index, [float(column[index]) for column in together]


def given(row: Primitive, at: Arguments) -> tuple[float, ...]:
    return tuple(point_of(row, at).values())


# --- rows --------------------------------------------------------------------------------------


def test_only_the_rows_that_no_library_has_are_lacking() -> None:
    found = {name for name in TABLE if executable_of(name) is None}
    assert found == BORROWED | set(host.absent())
    with pytest.raises(AdvizError, match="no machine code of digamma"):
        executable("digamma(x)")


@pytest.mark.parametrize("row", WITH_ARGUMENTS)
def test_value_is_within_the_rows_ulps(row: Primitive) -> None:
    made, at = executable_of(row.name), places(row, 40)
    assert made is not None
    truths = [_truth(row, place) for place in at]
    for index, (found,) in both(made, [given(row, place) for place in at]):
        value, allowed = truths[index]
        assert not value.departs(found, allowed), (at[index], found)


def _truth(row: Primitive, at: Arguments) -> tuple[Any, Any]:
    """Return the true value of a row, and how far from it float64 may be."""

    def precise(digits: int) -> Any:
        numbers = multiprecision(digits)
        return numbers.constant(1) * numbers.function(row.name)(*exactly(numbers, at))

    truth = settled(precise)
    moved = condition(row, lambda n: n.function(row.name), at) if row.arity > 1 else 0
    ulp = max(math.ulp(float(truth.value)), TINIEST)
    return truth, row.ulps * ulp + (UNIT * moved if row.ulps else 0)


@pytest.mark.parametrize("row", WITH_ARGUMENTS)
def test_special_arguments_give_what_float64_gives(row: Primitive) -> None:
    choices = [(True, False) if row.is_condition(k) else SPECIAL for k in range(row.arity)]
    at, made = list(itertools.product(*choices)), executable_of(row.name)
    assert made is not None
    for index, (found,) in both(made, [given(row, place) for place in at]):
        wanted = float(FLOAT64.function(row.name)(*at[index]))
        if found != found:
            assert wanted != wanted or not inside(row, at[index]), at[index]
        elif wanted == 0 or math.isinf(wanted):
            assert (found, math.copysign(1, found)) == (wanted, math.copysign(1, wanted)), at[index]
        else:
            assert abs(found - wanted) <= 2 * row.ulps * math.ulp(wanted), (at[index], found)


@pytest.mark.parametrize("row", [p for p in WITH_ARGUMENTS if by_position(TABLE[str(p.id)])])
def test_partials_are_within_the_rounding_of_their_rules(row: Primitive) -> None:
    made, graph = executable_of(row.name, "gradient"), graph_of(row)
    if made is None:
        return  # its derivative has a row that no library has
    at = points(row.name, 4)
    for index, (_, *found) in both(made, [given(row, place) for place in at]):
        place = point_of(row, at[index])
        truth = adviz.gradient(graph, place, digits=60)
        allowed = gradient_rounding(graph, place)
        for name, slope in zip(graph.inputs, found, strict=True):
            if math.isfinite(slope):
                assert abs(slope - truth[name]) <= allowed[name], (place, name)


@pytest.mark.parametrize("row", [p for p in WITH_ARGUMENTS if by_position(TABLE[str(p.id)])])
def test_where_all_is_finite_the_sweeps_agree(row: Primitive) -> None:
    made, graph = executable_of(row.name, "gradient"), graph_of(row)
    if made is None:
        return  # its derivative has a row that no library has
    numbers = [x for x in SPECIAL if math.isfinite(x)]
    at = list(itertools.product(*[numbers] * len(graph.inputs)))[:400]
    for index, found in both(made, at):
        if all(map(math.isfinite, found)):
            place = dict(zip(graph.inputs, at[index], strict=True))
            wanted = adviz.gradient(graph, place, errors="ieee")
            for name, slope in zip(graph.inputs, found[1:], strict=True):
                near = 64 * math.ulp(wanted[name]) if math.isfinite(wanted[name]) else math.nan
                assert abs(slope - wanted[name]) <= near, (place, name, slope, wanted)


@pytest.mark.parametrize("name", VECTORS)
def test_vector_functions_keep_their_digits_everywhere(name: str) -> None:
    source, row, made = random.Random(name), TABLE[name], executable_of(name)
    assert made is not None
    size = np.array([source.uniform(-308, 308) for _ in range(2000)])
    wide = np.copysign(10.0**size, [source.choice((-1, 1)) for _ in range(2000)])
    near = np.array([source.uniform(-750, 720) for _ in range(8000)])
    angles = np.pi / 2 * np.arange(-3000, 3000)
    at = np.concatenate([wide, wide * 1e-308, near, np.abs(near) / 300, angles])
    (together,), _ = made.many([at], len(at))
    for x, found in zip(at, together, strict=True):
        (alone,) = made.function(x)
        assert (
            found == alone
            or abs(found - alone) <= (row.ulps + 0.6) * math.ulp(alone)
            or (found != found and alone != alone)
        ), x


@pytest.mark.parametrize("exponent", ["0", "1", "2", "-1", "0.5", "3", "4", "5", "-2"])
def test_constant_powers_keep_their_digits(exponent: str) -> None:
    source, made, numbers = (
        random.Random(exponent),
        executable(f"x**{exponent}"),
        multiprecision(60),
    )
    draw = [source.uniform(-3, 3) for _ in range(500)]
    wide = [source.choice((-1, 1)) * 10.0 ** source.uniform(-308, 308) for _ in range(1500)]
    at = [(x,) for x in (*SPECIAL, 5.643803094122362e102, 1.1579208923731622e77, *draw, *wide)]
    for index, (found,) in both(made, at):
        (x,) = at[index]
        wanted = FLOAT64.function("pow")(x, float(exponent))
        if wanted == 0 or not math.isfinite(wanted):
            same = found != found and wanted != wanted
            assert same or math.copysign(1, found) == math.copysign(1, wanted)
            assert same or found == wanted or abs(found) == 1.7976931348623157e308
        elif not math.isfinite(x):
            assert found == wanted
        elif math.isfinite(found):
            truth = numbers.constant(x) ** numbers.constant(float(exponent))
            assert abs(truth - found) <= max(math.ulp(wanted), TINIEST), x


# --- formulas ----------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", CORPUS[::2], ids=lambda formula: formula.name)
def test_gradients_of_the_corpus_are_those_of_the_sweeps(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    wanted = program(graph, "gradient")
    if native.lacking(wanted) or len(wanted) > 4000:
        pytest.skip("not a program for straight machine code")
    made, source, (label,) = native.executable(wanted), random.Random(formula.name), graph.outputs
    ranges = [formula.ranges[name] for name in graph.inputs]
    at = [tuple(source.uniform(*box) for box in ranges) for _ in range(2)]
    for index, found in both(made, at):
        place = dict(zip(graph.inputs, at[index], strict=True))
        value = adviz.evaluate(graph, place).value
        slopes = adviz.gradient(graph, place)
        allowed = gradient_rounding(graph, place, label)
        assert abs(found[0] - value) <= 2 * sum(rounding(graph, place).values())
        for name, slope in zip(graph.inputs, found[1:], strict=True):
            assert abs(slope - slopes[name]) <= 2 * allowed[name], (place, name)


# --- many points -------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["native", "python"])
def test_results_begin_at_lines_of_their_own_in_a_page(target: str) -> None:
    k = adviz.compile("x/m + exp(x - s)", target=target)
    x = np.linspace(0, 1, 100_000)
    value, slopes = k(x, 2.0, x)
    places = [column.ctypes.data for column in (value, *slopes.values())]
    assert {place % 64 for place in places} == {0}
    assert len({place % 4096 for place in places}) == len(places)


def sample(count: int) -> list[Any]:
    numbers = np.random.default_rng(count)
    return [numbers.normal(size=count), numbers.normal(size=count), numbers.uniform(0.5, 2, count)]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 9, 1023, 1024, 1025, 1031, 1032, 5000])
def test_every_count_of_points(count: int) -> None:
    made, columns = executable(DENSITY, "gradient"), sample(count)
    results, suspects = made.many(columns, count)
    assert suspects == [] and [len(result) for result in results] == [count] * 4
    for index, at in enumerate(zip(*columns, strict=True)):
        wanted = made.function(*at)
        for found, number in zip(results, wanted, strict=True):
            assert math.isclose(found[index], number, rel_tol=1e-14, abs_tol=1e-14)


@pytest.mark.parametrize("count", [3, 5000])
def test_a_number_is_a_column_that_is_the_same_everywhere(count: int) -> None:
    made, (x, _, _) = executable(DENSITY, "gradient"), sample(count)
    one, _ = made.many([x, 0.25, 1.5], count)
    other, _ = made.many([x, np.full(count, 0.25), np.full(count, 1.5)], count)
    assert all(np.array_equal(*pair) for pair in zip(one, other, strict=True))


@pytest.mark.parametrize("at", [0, 1000, 1023, 1024, 4095, 4096, 4099])
@pytest.mark.parametrize("what", [math.nan, math.inf])
def test_what_is_not_finite_lies_in_a_slice(at: int, what: float) -> None:
    made, columns = executable(DENSITY, "gradient"), sample(4100)
    columns[0][at] = what
    results, suspects = made.many(columns, 4100)
    odd = np.zeros(4100, dtype=bool)
    for part in suspects:
        odd[part] = True
    finite = np.logical_and.reduce([np.isfinite(result) for result in results])
    assert odd[~finite].all() and odd.sum() < 2100


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_give_the_same_bits(threads: int) -> None:
    graph = program(adviz.build(DENSITY), "gradient")
    library = machine.compiled(llvm.points(llvm.lowered(graph), host.processor()))
    loop, columns = Points(library, host.processor().width, 4, len(graph)), sample(100_003)
    columns[1][[5, 50_000, 100_002]] = math.nan
    one, other = loop(columns, 100_003, threads=1), loop(columns, 100_003, threads=threads)
    for left, right in zip(one[0], other[0], strict=True):
        assert np.array_equal(left, right, equal_nan=True)
    assert one[1] == other[1] and len(one[1]) == 3


def test_memory_of_a_result_is_used_again_only_when_nobody_holds_it() -> None:
    made, columns = executable(DENSITY, "gradient"), sample(200_000)
    first, _ = made.many(columns, 200_000)
    kept, copy = first[0][10:], first[0].copy()
    del first
    gc.collect()
    for _ in range(3):
        made.many([columns[0] + 1, *columns[1:]], 200_000)
    assert np.array_equal(kept, copy[10:])


@pytest.mark.parametrize("width", [1, 2, 4, 8])
@pytest.mark.parametrize("fused", [True, False])
def test_every_width_of_processor(width: int, fused: bool) -> None:
    here = host.processor()
    if width > here.width or (fused and not here.fused):
        pytest.skip("not on this processor")
    text = "exp(-x)*sin(x) + log(abs(x))*cos(x) + max(x, 0.5)**3 + x % 0.7"
    made = llvm.lowered(program(adviz.build(text), "gradient"))
    library = machine.compiled(llvm.points(made, Processor(width, fused)))
    x = np.linspace(-3, 3, 1000)
    found, _ = Points(library, width, 2, len(made))([x], 1000)
    wanted = np.array([executable(text, "gradient").function(a) for a in x]).T
    assert np.allclose(found, wanted, rtol=1e-13, atol=1e-13)


def test_there_is_at_least_one_processor() -> None:
    assert 1 <= processors() <= (os.cpu_count() or 1)


# --- the function ------------------------------------------------------------------------------


def test_the_function_is_pythons_own_kind() -> None:
    function = executable("x*y", "gradient").function
    assert inspect.isbuiltin(function)
    assert str(inspect.signature(function)) == "(x0, x1, /)"
    assert function(3, True) == (3.0, 1.0, 3.0)
    assert function(np.float64(3), np.array(2)) == (6.0, 2.0, 3.0)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((), TypeError, "takes 2 numbers (x, y), not 0"),
        ((1.0,), TypeError, "takes 2 numbers (x, y), not 1"),
        ((1.0, 2.0, 3.0), TypeError, "takes 2 numbers (x, y), not 3"),
        (("1", 2.0), TypeError, "x must be a real number, not '1' (str)"),
        ((1.0, None), TypeError, "y must be a real number, not None (NoneType)"),
        ((1.0, 2j), TypeError, "y must be a real number, not 2j (complex)"),
        ((1.0, [2.0]), TypeError, "y must be a real number, not [2.0] (list)"),
        ((10**400, 2.0), OverflowError, "x is too large for a float: 1000"),
        ((10**10_000, 2.0), OverflowError, "an integer of very many digits"),
    ],
)
def test_wrong_arguments_are_told(
    arguments: tuple[Any, ...], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as told:
        executable("x*y", "gradient").function(*arguments)
    assert message in str(told.value)


def test_an_exception_of_an_argument_is_not_lost() -> None:
    class Odd:
        def __float__(self) -> float:
            raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        executable("x*y").function(Odd(), 1.0)


def test_a_number_that_looks_like_an_error_is_none() -> None:
    assert executable("x*y").function(-1.0, -1) == (1.0,)


def test_no_parameters() -> None:
    assert executable("2*pi").function() == (2 * math.pi,)
    (column,), suspects = executable("2*pi").many([], 5)
    assert suspects == [] and list(column) == [2 * math.pi] * 5


def test_the_code_lives_as_long_as_the_function() -> None:
    functions = []
    gc.freeze()  # what other tests left is not looked through thirty times
    for k in range(30):
        functions.append(native.executable(program(adviz.build(f"x*{k}.5"), "value")).function)
        gc.collect()
    assert [f(2.0) for f in functions] == [(2 * (k + 0.5),) for k in range(30)]


def test_calls_leave_no_memory_behind() -> None:
    function = executable("x*y", "gradient").function
    arguments = [float("1.5"), float("2.5")]
    before = [sys.getrefcount(a) for a in arguments]
    for _ in range(1000):
        function(*arguments)
        with pytest.raises(TypeError):
            function(arguments[0], None)
    assert [sys.getrefcount(a) for a in arguments] == before


def test_without_a_wrapper_it_is_called_through_ctypes() -> None:
    made = llvm.lowered(program(adviz.build("x*y"), "gradient"))
    function = entry.function(machine.compiled(llvm.point(made)), ["x", "y"], 3)
    assert not inspect.isbuiltin(function)
    assert function(3.0, 2.0) == (6.0, 2.0, 3.0)
    with pytest.raises(TypeError, match="takes 2 numbers"):
        function(1.0)


def test_a_program_of_very_many_parameters() -> None:
    names = [f"x{k}" for k in range(6000)]
    text = "\n".join(f"t{k} = {'t' + str(k - 1) if k else '0'} + {x}" for k, x in enumerate(names))
    made = native.executable(program(adviz.build(f"{text}\nt{len(names) - 1}"), "value"))
    assert made.function(*[1.0] * 6000) == (6000.0,)


# --- the machine -------------------------------------------------------------------------------

IR = "define double @twice(double %x) {\n  %y = fadd double %x, %x\n  ret double %y\n}\n"


def _fresh(folder: Path, code: str = "") -> str:
    """Compile in another process with its own cache folder; return what it says."""
    script = f"""
import time
from adviz.compiler.native import machine
translated, calls = machine._Engine.translated, []
machine._Engine.translated = lambda self, *ir: calls.append(1) or translated(self, *ir)
{code}
import ctypes
library = machine.compiled({IR!r})
twice = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(library.address("twice"))
print(len(calls), twice(21.0))
"""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip()


def test_a_second_process_finds_the_object(tmp_path: Path) -> None:
    assert _fresh(tmp_path) == "1 42.0"
    assert _fresh(tmp_path) == "0 42.0"


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_broken_file_is_compiled_again(tmp_path: Path, damage: bytes | None) -> None:
    _fresh(tmp_path)
    (stored,) = (tmp_path / "adviz").glob("*.o")
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage is None else damage)
    assert _fresh(tmp_path) == "1 42.0"
    assert stored.read_bytes() == whole


def test_a_folder_that_cannot_be_is_only_slower(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert _fresh(blocked) == "1 42.0"
    assert _fresh(blocked) == "1 42.0"


def test_the_key_depends_on_everything() -> None:
    facts = [("a", "b"), ("b", "a"), ("ab", ""), ("a", "c"), ("a", "b", "c")]
    assert len({cached.key(*each) for each in facts}) == len(facts)


def test_old_objects_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cached, "MOST", 6)
    for k in range(20):
        cached.write(cached.key(str(k)), b"code")
    assert 3 <= len(list(cached.folder().glob("*.o"))) <= 6
    assert cached.read(cached.key("19")) == b"code" and cached.read(cached.key("0")) is None


def _opened(folder: Path, _: Path) -> None:
    folder.chmod(0o755)


def _writable(_: Path, stored: Path) -> None:
    stored.chmod(0o620)


def _link(_: Path, stored: Path) -> None:
    stored.rename(stored.with_suffix(".elsewhere"))
    stored.symlink_to(stored.with_suffix(".elsewhere"))


def _pipe(_: Path, stored: Path) -> None:
    stored.unlink()
    os.mkfifo(stored)


@pytest.mark.parametrize("change", [_opened, _writable, _link, _pipe])
def test_code_that_others_could_have_written_is_not_run(
    change: Callable[[Path, Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    key = cached.key("one")
    cached.write(key, b"code")
    (stored,) = cached.folder().iterdir()
    assert cached.folder().stat().st_mode & 0o777 == 0o700
    assert stored.stat().st_mode & 0o777 == 0o600
    assert cached.read(key) == b"code"
    change(cached.folder(), stored)
    assert cached.read(key) is None


def test_a_folder_that_is_open_to_others_gets_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "adviz").mkdir(mode=0o777)
    cached.write(cached.key("one"), b"code")
    assert not list(cached.folder().iterdir())


def test_code_of_another_user_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cached.write(cached.key("one"), b"code")
    user = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: user + 1)
    assert cached.read(cached.key("one")) is None


def test_a_missing_extra_is_named() -> None:
    script = """
import sys
sys.modules["llvmlite"] = None
import adviz
from adviz.compiler.native import machine
try:
    machine.compiled("")
except adviz.AdvizError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "pip install 'adviz-graph[native]'" in done.stdout


def test_errors_of_the_machine() -> None:
    with pytest.raises(AdvizError, match="LLVM does not take this text"):
        machine.compiled("nonsense")
    with pytest.raises(AdvizError, match="have no no_such_function"):
        machine.compiled(
            "declare double @no_such_function(double)\ndefine double @f(double %x) {\n"
            "  %y = call double @no_such_function(double %x)\n  ret double %y\n}"
        )
    with pytest.raises(AdvizError, match="no function 'thrice'"):
        machine.compiled(IR).address("thrice")


def test_what_a_text_leaves_in_llvm_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """LLVM keeps a context's constants as long as the context, and the global one for good."""
    engine, contexts = machine._engine(), []
    made = engine.binding.create_context

    def create_context() -> Any:
        contexts.append(weakref.ref(context := made()))
        return context

    monkeypatch.setattr(engine.binding, "create_context", create_context)
    for number in range(3):
        body = f"%y = fmul double %x, {number}.015625\nret double %y"
        engine.translated(f"define double @f(double %x) {{\n{body}\n}}")
    gc.collect()
    assert [context() for context in contexts] == [None] * 3


def test_equal_texts_share_a_library_while_it_lives() -> None:
    assert machine.compiled(IR) is machine.compiled(IR)


def test_threads_compile_at_once() -> None:
    found: list[float] = []

    def work(k: int) -> None:
        library = machine.compiled(IR.replace("fadd double %x, %x", f"fmul double %x, {k}.0"))
        made = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(library.address("twice"))
        found.append(made(1.0))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(1000, 1020)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [float(k) for k in range(1000, 1020)]


def test_names_of_authors_do_not_reach_the_text() -> None:
    made = executable("mine = ζ*other; sin(mine)")
    assert made.source().isascii() and "mine" not in made.source() and "other" not in made.source()


class _Plain:
    """An object of LLVM as llvmlite holds it, which frees nothing by itself."""

    freed = 0

    def detach(self) -> None:
        self.freed += 10

    def _dispose(self) -> None:
        self.freed += 1000


class _Disposing:
    def _dispose(self) -> None:
        self.freed = getattr(self, "freed", 0) + 1


class _Itself(_Plain):
    def _dispose(self) -> None:
        self.freed += 1


@pytest.mark.parametrize(
    ("bases", "freed"),
    [((_Plain, _Disposing), 11), ((_Disposing, _Plain), 11), ((_Itself,), 11), ((_Plain,), 10)],
    ids=["as it is", "the other way round", "by a class of its own", "not at all"],
)
def test_passes_are_freed_once_whichever_class_says_how(
    bases: tuple[type, ...], freed: int
) -> None:
    passes: Any = type("Passes", bases, {})()
    machine.free(passes, _Plain)
    assert passes.freed == freed
