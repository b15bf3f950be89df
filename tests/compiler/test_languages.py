"""Printed languages: programs in JavaScript and C compute what the sweeps compute."""

from __future__ import annotations

import array
import ctypes
import functools
import json
import math
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from corpus import CORPUS
from laws import (
    TINIEST,
    UNIT,
    Arguments,
    Truth,
    by_position,
    condition,
    exactly,
    graph_of,
    inside,
    point_of,
    rounding,
    settled,
)
from samples import corpus_points, places, specials

import adviz
from adviz.compiler.kinds import KINDS
from adviz.compiler.languages import c, javascript
from adviz.compiler.languages.printed import ULPS, Runtime
from adviz.compiler.program.data import Program
from adviz.compiler.program.program import lacking, program
from adviz.graph.builder import Builder
from adviz.graph.procedure import Edge
from adviz.numbers import FLOAT64, multiprecision
from adviz.numbers.special import FUNCTIONS
from adviz.primitives import TABLE, Primitive

pytestmark = pytest.mark.xdist_group("languages")

UNPRINTED = {*FUNCTIONS} - {"factorial"}
"""Rows that only Python has."""
ROWS = [row for row in TABLE.values() if row.name not in UNPRINTED]
LANGUAGES = ("javascript", "c")
POINTS = 8
FACTOR = 2
"""The sweep and the program each round on their own."""
CLOSE = 1e-12
"""A relative error that is rounding, where no bound is computed."""
HARD: Mapping[str, tuple[Arguments, ...]] = {
    "digamma": ((1.4616321449683622,), (-0.5040830082644554,), (-5.6671624415568855,), (1e-200,)),
    "lgamma": ((-3.1435808883499796,), (-19.999999999999996,), (-25.25,), (14.75,), (2.5,)),
    "gamma": ((-170.5,), (171.62,), (15.25,), (-24.75,), (1e-308,), (-1 + 2.0**-53,)),
    "erf": ((3.0,), (3.25,), (-2.9,), (1e-310,)),
    "erfc": ((3.0,), (3.25,), (26.5,), (-3.5,)),
    "ndtr": ((-38.25,), (-4.25,), (4.3,)),
    "polygamma": ((100.0, 0.5), (99.0, 150.5), (99.0, -3.25), (50.0, 1e-3), (2.0, -1e9 - 0.25)),
    "spherical_jn": ((99.0, 96.9629673405913), (100.0, 100.0), (60.0, 30.0), (3.0, 1e6), (0.0, 22)),
    "hypot": ((3.0, 5e-324), (1e300, -1e300)),
    "floordiv": ((7.0, -0.1), (-1e-300, 5.0), (1e17, 3.0)),
}  # fmt: skip
"""Where a function of the runtime goes from one method to another, or has a zero near by."""
WARNINGS = "-std=c99 -pedantic -Wall -Wextra -Werror -ffp-contract=off".split()


def missing(what: str) -> None:
    """Skip loudly where a tool is absent; in continuous integration that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed, and continuous integration must not skip this")
    pytest.skip(f"{what} IS NOT INSTALLED: its language was not tested here")


@dataclass(frozen=True)
class Case:
    """A graph, the derivatives by some inputs as a program, and where it is run."""

    graph: adviz.Graph
    program: Program
    places: Sequence[Mapping[str, float]]

    def numbers(self) -> Iterator[float]:
        for place in self.places:
            yield from (float(place[name]) for name in self.program.parameters)


def regular(row: Primitive) -> tuple[Arguments, ...]:
    """Return points at which a row is differentiable, easy and hard ones."""
    return places(row, POINTS) + HARD.get(row.name, ())


def whole_points(row: Primitive) -> list[Arguments]:
    """Return the combinations of special numbers that are finite and in a row's domain."""
    found = [at for at in specials(row) if all(map(math.isfinite, at))] if row.arity else []
    return [at for at in found if inside(row, at)]


@functools.cache
def row_case(name: str) -> Case:
    row = TABLE[name]
    graph, wrt = graph_of(row), [row.args[k] for k in by_position(row)]
    made = program(graph, "gradient" if wrt else "value", wrt)
    at = [*regular(row), *whole_points(row), *(specials(row) if row.arity else [])]
    return Case(graph, made, [point_of(row, one) for one in at])


@functools.cache
def formula_case(name: str) -> Case:
    formula = next(formula for formula in CORPUS if formula.name == name)
    graph = adviz.build(formula.text)
    return Case(graph, program(graph), corpus_points(formula, graph))


@functools.cache
def cases() -> Mapping[str, Case]:
    """Return every row and every formula."""
    rows = {f"row {row.name}": row_case(row.name) for row in ROWS}
    return rows | {f"formula {formula.name}": formula_case(formula.name) for formula in CORPUS[::2]}


Results = Mapping[str, list[list[float]]]
"""Per case and place the numbers of the results."""


def split(numbers: Sequence[float], cases: Mapping[str, Case]) -> Results:
    """Return the results of all cases, which a language gave one after another."""
    found, position = {}, 0
    for key, case in cases.items():
        width = len(case.program.results)
        ends = range(position + width, position + width * (len(case.places) + 1), width)
        found[key] = [list(numbers[end - width : end]) for end in ends]
        position = ends[-1]
    assert position == len(numbers)
    return found


# --- one run of each language ------------------------------------------------------------------

DRIVER = """
import { readFileSync, writeFileSync } from "node:fs";
const buffer = readFileSync("given");
const given = new Float64Array(buffer.buffer, buffer.byteOffset, buffer.length / 8);
const found = [];
let position = 0;
for (const [kind, count] of JSON.parse(readFileSync("cases.json"))) {
  const module = await import(`./case${found.cases = (found.cases ?? -1) + 1}.mjs`);
  const width = module.parameters.length;
  for (let k = 0; k < count; k += 1, position += width) {
    found.push(...module[kind](...given.subarray(position, position + width)));
  }
}
writeFileSync("found", Buffer.from(new Float64Array(found).buffer));
"""


def run_javascript(home: Path, cases: Mapping[str, Case]) -> list[float]:
    """Run all cases in one Node process, each as the module it would be saved as."""
    for place, case in enumerate(cases.values()):
        (home / f"case{place}.mjs").write_text(javascript.source(case.program), "utf-8")
    counts = [[case.program.kind, len(case.places)] for case in cases.values()]
    (home / "cases.json").write_text(json.dumps(counts))
    (home / "driver.mjs").write_text(DRIVER)
    given = array.array("d", (number for case in cases.values() for number in case.numbers()))
    (home / "given").write_bytes(given.tobytes())
    done = subprocess.run(["node", "driver.mjs"], cwd=home, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return array.array("d", (home / "found").read_bytes()).tolist()


def run_c(home: Path, cases: Mapping[str, Case]) -> list[float]:
    """Compile all cases as one file, in which the runtime stands once."""
    own: dict[str, None] = {}
    functions = []
    for place, case in enumerate(cases.values()):
        text = c.source(case.program).removeprefix("#include <math.h>\n")
        for part in c.RUNTIME.used(text):
            own[part] = None
            text = text.replace(part, "")
        functions.append(text.replace(f"void {case.program.kind}(", f"void case{place}("))
    order = [part for part in c.RUNTIME.paragraphs.values() if part in own]
    library = compiled(home, "\n\n".join(["#include <math.h>", *order, *functions]))
    found: list[float] = []
    for place, case in enumerate(cases.values()):
        call = called(library[f"case{place}"], len(case.program.parameters))
        out = (ctypes.c_double * len(case.program.results))()
        for at in case.places:
            call(*(float(at[name]) for name in case.program.parameters), out)
            found += out
    return found


def compiled(home: Path, source: str) -> ctypes.CDLL:
    """Return C as a loaded library; a warning is an error."""
    (home / "case.c").write_text(source, "utf-8")
    command = ["cc", *WARNINGS, "-O0", "-shared", "-fPIC", "case.c", "-o", "case.so", "-lm"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return ctypes.CDLL(str(home / "case.so"))


def called(function: Any, count: int) -> Callable[..., None]:
    function.argtypes = [ctypes.c_double] * count + [ctypes.POINTER(ctypes.c_double)]
    function.restype = None
    made: Callable[..., None] = function
    return made


RUNS: Mapping[str, tuple[str, Callable[[Path, Mapping[str, Case]], list[float]]]] = {
    "javascript": ("node", run_javascript),
    "c": ("cc", run_c),
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Results]:
    @functools.cache
    def results(language: str) -> Results:
        tool, run = RUNS[language]
        if shutil.which(tool) is None:
            missing(tool)
        return split(run(tmp_path_factory.mktemp(language), cases()), cases())

    return results


# --- every row and every formula ---------------------------------------------------------------


@functools.cache
def true_value(name: str, at: Arguments) -> tuple[Truth, Any]:
    """Return a row's value, and what half an ulp of each argument does to one of several."""
    row = TABLE[name]

    def compute(digits: int) -> Any:
        numbers = multiprecision(digits)
        return numbers.function(name)(*exactly(numbers, at))

    moved = condition(row, lambda numbers: numbers.function(name), at) if row.arity > 1 else 0
    return settled(compute), UNIT * moved if row.ulps else 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_rows_value_is_within_its_ulps(
    row: Primitive, language: str, everything: Callable[[str], Results]
) -> None:
    ulps = ULPS.get(row.name, row.ulps)
    found = everything(language)[f"row {row.name}"]
    for at, (value, *_) in zip(regular(row), found, strict=False):
        if row.condition:
            assert value == FLOAT64.function(row.name)(*at), at
            continue
        truth, moved = true_value(row.name, at)
        allowed = ulps * max(math.ulp(float(truth.value)), TINIEST) + moved
        assert not truth.departs(value, allowed), (at, value, truth.value)


def derivatives(case: Case) -> list[str]:
    """Return the inputs by which a case is differentiated, in order."""
    return [label.partition("/d")[2] for label in list(case.program.results)[1:]]


def swept(case: Case, at: Mapping[str, float]) -> list[float]:
    """Return a value and its derivatives as the sweep has them."""
    trace = adviz.reverse(case.graph, at, wrt=derivatives(case), errors="ieee")
    return [trace.value, *(trace.gradient[name] for name in derivatives(case))]


@functools.cache
def expected(key: str) -> list[tuple[Mapping[str, float], list[float], list[Any]]]:
    """Return the regular places of a case, the sweep's numbers, and how far these may be off."""
    case, (kind, _, name) = cases()[key], key.partition(" ")
    count = len(regular(TABLE[name])) if kind == "row" else len(case.places)
    wrt = derivatives(case)
    graph = adviz.derivative_graph(case.graph, wrt=wrt) if wrt else case.graph
    return [(at, swept(case, at), [*rounding(graph, at).values()]) for at in case.places[:count]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", cases())
def test_a_program_computes_the_sweeps_numbers(
    key: str, language: str, everything: Callable[[str], Results]
) -> None:
    name = key.partition(" ")[2]
    worse = ULPS[name] / TABLE[name].ulps if name in ULPS else 1
    for (at, numbers, bounds), found in zip(expected(key), everything(language)[key], strict=False):
        for one, other, bound in zip(found, numbers, bounds, strict=True):
            assert alike(one, other, FACTOR * worse * bound), (at, found, numbers)


def alike(found: float, wanted: float, allowed: Any) -> bool:
    """Return whether a number is within a bound of another; only NaN is like NaN."""
    if found != found or wanted != wanted:
        return found != found and wanted != wanted
    return found == wanted or bool(abs(found - wanted) <= allowed)


@functools.cache
def at_kinks(name: str) -> list[tuple[int, list[float]]]:
    """Return the sweep's numbers at the special points of a row's domain, and which these are."""
    row, case = TABLE[name], row_case(name)
    first = len(regular(row))
    last = first + len(whole_points(row))
    return [(place, swept(case, case.places[place])) for place in range(first, last)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_kinks_poles_and_signed_zeros_are_those_of_the_sweep(
    row: Primitive, language: str, everything: Callable[[str], Results]
) -> None:
    found = everything(language)[f"row {row.name}"]
    for place, numbers in at_kinks(row.name):
        for one, other in zip(found[place], numbers, strict=True):
            where = (row_case(row.name).places[place], found[place], numbers)
            assert alike(one, other, CLOSE * abs(other)), where
        assert math.copysign(1, found[place][0]) == math.copysign(1, numbers[0])


# --- names and labels of anybody ---------------------------------------------------------------

WORDS = (
    "if else for in of let var new this yield await async static enum class eval arguments null "
    "true false undefined NaN Infinity Math parameters results gradient value out main int double "
    "register signed auto inline restrict bool NAN INFINITY HUGE_VAL y0 y1 j0 gamma Gamma zeta psi "
    "signum sign lgamma dd DD two_sum twoSum ddAdd BERNOULLI math_errhandling unix linux"
).split()
HOSTILE = (
    "α", "ω̂", "変数", "℘", "_", "__x", "_Complex", "x", "x_", "alpha", "1st", "a b", "a-b",
    "*/ alert(1) /*", "// x", "</script><script>", "<!-- ", "\u2028x\u2029", "\n#error", "??/",
    "\\", "\"quoted\"", "'", "`${x}`", "\x00", "\u202eabc", "df/dx", "value 0", "é" * 300,
)  # fmt: skip


def hostile(kind: str) -> Program:
    """Return a program whose every name and label is an attack, and that uses them all."""
    builder = Builder()
    inputs = [builder.input(name) for name in (*WORDS, *HOSTILE)]
    outputs = {}
    for k, (name, node) in enumerate(zip((*WORDS, *HOSTILE), inputs, strict=True)):
        scaled = builder.node("mul", (builder.node("lgamma", (node,)), builder.constant(k + 2)))
        outputs[name] = builder.node("add", (scaled, builder.node("sign", (node,))))
    return program(builder.finish(outputs), kind)


def scales(found: Sequence[float]) -> list[float]:
    """Return by what each output of `hostile` was multiplied, at inputs that are 3."""
    return [round((number - 1) / math.lgamma(3), 9) for number in found]


WANTED = [k + 2 for k in range(len(WORDS) + len(HOSTILE))]


def node_says(home: Path, source: str, code: str) -> Any:
    """Return what a module's user prints as JSON."""
    if shutil.which("node") is None:
        missing("node")
    (home / "made.mjs").write_text(source, "utf-8")
    (home / "user.mjs").write_text(f'import * as made from "./made.mjs";\n{code}', "utf-8")
    done = subprocess.run(["node", "user.mjs"], cwd=home, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_names_are_legal_in_javascript_and_labels_are_data(tmp_path: Path) -> None:
    made = hostile("value")
    source = javascript.source(made)
    found = node_says(
        tmp_path, source,
        "const numbers = made.value(...made.parameters.map(() => 3));\n"
        "console.log(JSON.stringify([made.parameters, made.results, numbers]));",
    )  # fmt: skip
    assert found[:2] == [list(made.parameters), list(made.results)]
    assert scales(found[2]) == WANTED
    assert not any(text in source for text in ("</", "<!", "\u2028", "\u2029", "\x00", "\u202e"))
    source.encode("utf-8")


def test_names_are_legal_in_c_and_labels_are_data(tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        missing("cc")
    made = hostile("value")
    source = c.source(made)
    code = source.replace("\n".join(comment_of(source)), "")
    assert code.isascii() and "*/ alert" not in source
    library = compiled(tmp_path, source)
    out = (ctypes.c_double * len(made.results))()
    called(library.value, len(made.parameters))(*[3.0] * len(made.parameters), out)
    assert scales(list(out)) == WANTED


def comment_of(source: str) -> list[str]:
    """Return the lines of the comment that lists the results."""
    lines = source.split("\n")
    first = lines.index("/*")
    return lines[first : lines.index(" */") + 1]


# --- what a program takes along ----------------------------------------------------------------


@pytest.mark.parametrize(("language", "start"), [(javascript, "function "), (c, "static ")])
def test_a_program_takes_along_just_what_it_uses(language: Any, start: str) -> None:
    plain = language.source(program(adviz.build("sqrt(x) + sin(x)*y")))
    assert not any(line.startswith(start) for line in plain.split("\n"))
    signs = language.source(program(adviz.build("sign(x)*y")))
    assert [line for line in signs.split("\n") if line.startswith(start)] == [
        line for line in language.RUNTIME.paragraphs["signum"].split("\n") if start in line
    ]


@pytest.mark.parametrize("language", [javascript, c])
def test_every_function_of_a_runtime_is_used(language: Any) -> None:
    runtime: Runtime = language.RUNTIME
    sources = [language.source(row_case(row.name).program) for row in ROWS]
    used = {part for source in sources for part in runtime.used(source)}
    assert used == set(runtime.paragraphs.values())


@pytest.mark.parametrize("language", [javascript, c])
def test_a_row_that_a_language_lacks_is_refused_by_name(language: Any) -> None:
    known = (javascript.JAVASCRIPT if language is javascript else c.C).forms
    lacked = {row.name for row in TABLE.values() if lacking(program(graph_of(row), "value"), known)}
    assert lacked == UNPRINTED
    with pytest.raises(adviz.AdvizError, match="has no erfinv; written in Python, the program has"):
        language.source(program(adviz.build("x*erfinv(y)")))


def test_a_larger_error_than_a_row_states_is_said() -> None:
    assert all(ulps > TABLE[name].ulps for name, ulps in ULPS.items())


def test_an_unused_parameter_is_no_warning_in_c(tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        missing("cc")
    for kind in KINDS:
        compiled(tmp_path, c.source(program(adviz.build("f(x, y, z) = x**2 + relu(y)"), kind)))


def test_a_row_of_ones_own_is_expanded(tmp_path: Path) -> None:
    cube = adviz.primitive("cube", "x**3", partials="3*x**2")
    made = program(adviz.build("cube(x)*y", functions=[cube]))
    code = "console.log(JSON.stringify(made.gradient(2, 5)));"
    assert node_says(tmp_path, javascript.source(made), code) == [40, 60, 8]


# --- films -------------------------------------------------------------------------------------

FILMS: Mapping[str, tuple[str, Sequence[Mapping[str, float]]]] = {
    "running example": ("(x + y)*(x - y)", [{"x": 3, "y": 2}, {"x": -1.5, "y": 0.25}]),
    "Baydin": ("log(x1) + x1*x2 - sin(x2)", [{"x1": 2, "x2": 5}]),
    "a choice": (
        "a = x*y; where(x > y, log(a)*a, exp(y) - a)",
        [{"x": 2, "y": 1}, {"x": -2, "y": 1}],
    ),
    "a choice in a choice": (
        "where(x > 0, where(y > 0, sqrt(x*y), x - y), where(y > 0, sqrt(y), x*x)) + sin(x)",
        [{"x": x, "y": y} for x in (2, -2) for y in (3, -3)],
    ),
    "constants in a branch": (
        "where(x > y, 2*x + 3, y*pi - 2)",
        [{"x": 2, "y": 1}, {"x": 2, "y": 5}],
    ),
    "relu": ("relu(x*y) + leaky_relu(y, 0.1)", [{"x": 2, "y": 1}, {"x": 2, "y": -1}]),
    "an unused input": ("f(x, y, z) = x*y + 1", [{"x": 2, "y": 3, "z": 4}]),
    "several outputs": (
        'p = x*y; {"u": sin(p), "w": p + x, "value 3": y}',
        [{"x": 2, "y": 3}],
    ),
}  # fmt: skip
LAZY = "where(x > 0 and log(x) > 1 or sqrt(y) > 2, x*y, x + y)"
LAZY_PLACES = ({"x": -2, "y": 9}, {"x": 5, "y": -1}, {"x": 2, "y": 1}, {"x": 0.5, "y": 16})


def film(graph: adviz.Graph, given: Sequence[float]) -> dict[str, list[Any]]:
    """Return the numbers of the two sweeps as a program in JavaScript gives them."""
    count = len(graph.inputs)
    at = dict(zip(graph.inputs, given[:count], strict=True))
    along = dict(zip(graph.inputs, given[count : 2 * count], strict=True))
    cotangent = dict(zip(graph.outputs, given[2 * count :], strict=True))
    forward, reverse = adviz.forward(graph, at, along), adviz.reverse(graph, at, cotangent)
    partials = {**forward.partials, **reverse.partials}
    assert forward.tangents is not None and reverse.adjoints is not None
    return {
        "values": [*forward.values],
        "partials": [
            [partials.get(Edge(tail, node, k)) for k, tail in enumerate(tails)]
            for node, tails in enumerate(graph.args)
        ],
        "tangents": [*forward.tangents],
        "adjoints": [*reverse.adjoints],
    }


@pytest.mark.parametrize("name", FILMS)
def test_a_page_can_compute_a_film_at_other_inputs(name: str, tmp_path: Path) -> None:
    assert_same_films(*FILMS[name], tmp_path)


def test_a_film_leaves_out_what_a_condition_does_not_ask_for(tmp_path: Path) -> None:
    assert_same_films(LAZY, LAZY_PLACES, tmp_path)


def assert_same_films(text: str, places: Sequence[Mapping[str, float]], home: Path) -> None:
    """Compare films in JavaScript with the sweeps' own at some places."""
    graph = adviz.build(text)
    made = program(graph, "trace")
    seeds = [0.5 + k for k in range(len(made.parameters) - len(graph.inputs))]
    given = [[*(float(at[n]) for n in graph.inputs), *seeds] for at in places]
    code = f"console.log(JSON.stringify({json.dumps(given)}.map((at) => made.trace(...at))));"
    for numbers, found in zip(given, node_says(home, javascript.source(made), code), strict=True):
        wanted = film(graph, numbers)
        assert list(found) == list(wanted)
        for quantity in wanted:
            pairs = [*zip(flat(found[quantity]), flat(wanted[quantity]), strict=True)]
            blank = [(one is None, isinstance(one, bool)) for one, _ in pairs]
            assert blank == [(other is None, isinstance(other, bool)) for _, other in pairs]
            told = [pair for pair in pairs if None not in pair]
            assert all(alike(one, other, 1e-14 * abs(other)) for one, other in told), pairs


@pytest.mark.parametrize("name", FILMS)
def test_a_linearization_is_that_part_of_a_film(name: str, tmp_path: Path) -> None:
    text, places = FILMS[name]
    graph = adviz.build(text)
    given = [[float(at[n]) for n in graph.inputs] for at in places]
    told = "map((at) => made.linearization(...at))"
    code = f"console.log(JSON.stringify({json.dumps(given)}.{told}))"
    source = javascript.source(program(graph, "linearization"))
    seeds = [1.0] * (len(graph.inputs) + len(graph.outputs))
    for numbers, found in zip(given, node_says(tmp_path, source, code), strict=True):
        wanted = film(graph, [*numbers, *seeds])
        for quantity in ("values", "partials"):
            pairs = [*zip(flat(found[quantity]), flat(wanted[quantity]), strict=True)]
            assert all((one is None) == (other is None) for one, other in pairs)
            both = [pair for pair in pairs if None not in pair]
            assert all(alike(one, other, 1e-14 * abs(other)) for one, other in both), pairs


@pytest.mark.parametrize(
    ("text", "x", "special"),
    [
        ("log(x)", -1.0, {"domain": {"1": False}, "kink": {}, "pole": {}}),
        ("log(x)", 2.0, {"domain": {"1": True}, "kink": {}, "pole": {}}),
        ("abs(x)", 0.0, {"domain": {}, "kink": {"1": True}, "pole": {}}),
        ("sqrt(x)", 0.0, {"domain": {"1": True}, "kink": {}, "pole": {"1": True}}),
        ("x*sqrt(2)", 3.0, {"domain": {"2": True}, "kink": {}, "pole": {}}),
        ("x*abs(0)", 3.0, {"domain": {}, "kink": {"2": True}, "pole": {}}),
    ],
)
def test_a_linearization_says_where_a_row_is_special(
    text: str, x: float, special: dict[str, dict[str, bool]], tmp_path: Path
) -> None:
    source = javascript.source(program(adviz.build(text), "linearization"))
    code = f"console.log(JSON.stringify(made.linearization({x})))"
    found = node_says(tmp_path, source, code)
    assert {name: found[name] for name in special} == special


def flat(numbers: Sequence[Any]) -> list[Any]:
    """Return the numbers of nodes, or of their arguments, in one list; null stays."""
    return [one for part in numbers for one in (part if isinstance(part, list) else [part])]
