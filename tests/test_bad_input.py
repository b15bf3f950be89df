"""Whatever a public function is given, it gives an answer or one AdvizError, and soon.

The functions and their parameters are read from their signatures, so a new one is tested too.
"""

from __future__ import annotations

import inspect
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import adviz
from adviz.errors import AdvizError

_SECONDS = 60
_LONGEST = 1000
"""Of what an error says, in characters."""


class Unreadable:
    """An object that can be neither shown nor compared."""

    __hash__ = None  # type: ignore[assignment]  # nor be a key

    def __repr__(self) -> str:
        raise RuntimeError("repr")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("eq")


def in_itself() -> list[Any]:
    endless: list[Any] = []
    endless.append(endless)
    return endless


def nested() -> list[Any]:
    deep: list[Any] = [1.0]
    for _ in range(5000):
        deep = [deep]
    return deep


BAD: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "NaN": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "negative": lambda: -1,
    "zero": lambda: 0,
    "broken": lambda: 1.5,
    "large": lambda: 10**12,
    "beyond floats": lambda: 10**400,
    "not to be written": lambda: 10**5000,
    "Fraction": lambda: Fraction(1, 3),
    "Fraction beyond floats": lambda: Fraction(10**400, 3),
    "Decimal": lambda: Decimal("0.1"),
    "truth": lambda: True,
    "complex": lambda: 1j,
    "text": lambda: "1",
    "empty text": lambda: "",
    "bytes": lambda: b"1",
    "zero byte": lambda: "a\0b",
    "surrogate": lambda: "\ud800",
    "long text": lambda: "x" * 100_000,
    "parentheses": lambda: "(" * 100_000,
    "empty list": list,
    "empty mapping": dict,
    "empty tuple": tuple,
    "set": lambda: {1},
    "ragged": lambda: [[1.0], [1.0, 2.0]],
    "list of None": lambda: [None],
    "list of a text": lambda: ["x"],
    "mapping of None": lambda: {"x": None},
    "unknown name": lambda: {"q": 1},
    "key that is no text": lambda: {1: 2},
    "in itself": in_itself,
    "deep": nested,
    "object": object,
    "unreadable": Unreadable,
    "generator": lambda: (number for number in [1.0]),
    "masked": lambda: np.ma.array([1.0, 2.0], mask=[False, True]),
    "masked number": lambda: np.ma.masked,
    "date": lambda: np.datetime64("2020-01-01"),
    "record": lambda: np.zeros(2, [("a", float)]),
    "objects": lambda: np.array([None, 1], object),
    "empty array": lambda: np.zeros(0),
    "no axis": lambda: np.array(3.0),
    "three axes": lambda: np.zeros((2, 2, 2)),
}

GRAPH = adviz.build("x*y")
AT = {"x": 1.0, "y": 2.0}
TRACE = adviz.reverse(GRAPH, AT)
GRADIENT = adviz.compile(GRAPH, target="python")
ALONG = adviz.compile(GRAPH, "jvp", target="python")

SWEEPS = ("evaluate", "forward", "reverse", "gradient", "jacobian", "jvp", "vjp", "hessian", "hvp")
GOOD: dict[str, dict[str, Any]] = {
    **{name: {"source": GRAPH, "at": AT} for name in (*SWEEPS, "evaluate_many")},
    "forward": {"source": GRAPH, "at": AT, "direction": "x"},
    "jvp": {"source": GRAPH, "at": AT, "direction": {"x": 1.0}},
    "hvp": {"source": GRAPH, "at": AT, "direction": {"x": 1.0}},
    "second_order": {"source": GRAPH, "at": AT, "direction": {"x": 1.0}},
    "taylor": {"source": GRAPH, "at": AT, "direction": {"x": 1.0}},
    "sparsity": {"source": GRAPH},
    "build": {"source": "x*y"},
    "expand": {"source": "x*y"},
    "check": {"subject": GRAPH, "points": 1},
    "check_module": {"function": np.sin, "inputs": [1.0]},
    "export": {"source": GRAPH, "to": "numpy"},
    "check_many": {"subjects": ["x*y"], "points": 1},
    "checkpoint": {"chain": GRAPH, "snapshots": 1},
    "compare": {"subject": GRAPH, "at": AT},
    "compare_family": {"family": "speelpenning", "sizes": [2, 3]},
    "lost_digits": {
        "subject": GRAPH,
        "at": AT,
        "along": "x",
        "between": (1.0, 2.0),
        "points": 3,
    },
    "step_errors": {"subject": GRAPH, "at": AT, "wrt": "x"},
    "compile": {"source": GRAPH, "target": "python"},
    "derivative_graph": {"source": GRAPH},
    "eliminate": {"source": GRAPH, "at": AT},
    "descend": {"loss": GRAPH, "at": AT, "rate": 0.1, "steps": 2, "checks": 0},
    "paths": {"source": GRAPH, "at": AT},
    "align": {"source": GRAPH},
    "exercise": {"trace": adviz.reverse(GRAPH, AT)},
    "lecture": {"trace": adviz.evaluate("1", {}), "folder": "lecture"},
    "symbolic": {"source": GRAPH},
    "watch": {"function": np.sin},
    "primitive": {"name": "bent", "define": "x*x"},
}
"""What makes a function's call a good one."""
FILES = {"load", "save"}
"""Functions of files, whose names have tests of their own."""
FACTS = ("domain", "kink", "pole", "piece", "label", "stable")


def called(function: Callable[..., Any], good: dict[str, Any], name: str) -> Callable[[Any], Any]:
    """Return a good call but for one argument."""
    rest = {k: v for k, v in good.items() if not (name == "at" and k == "points")}
    return lambda bad: function(**{**rest, name: bad})


def of_signatures() -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Yield a call for every parameter of every public function."""
    for public in sorted({*adviz.__all__} - FILES):
        function = getattr(adviz, public)
        if not inspect.isfunction(function):
            continue
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind is parameter.VAR_POSITIONAL:
                yield f"{public}(*{name})", function
            elif parameter.kind is not parameter.VAR_KEYWORD:
                yield f"{public}({name})", called(function, GOOD.get(public, {}), name)


def scenario(name: str) -> Callable[[Any], Any]:
    point = None if name in ("points", "ranges", "seed") else AT
    return lambda bad: adviz.Scenario(**{"function": GRAPH, "at": point, name: bad}).check()


def at_x(public: str) -> Callable[[Any], Any]:
    return called_at(getattr(adviz, public), GOOD[public])


def called_at(function: Callable[..., Any], good: dict[str, Any]) -> Callable[[Any], Any]:
    return lambda bad: function(**{**good, "at": {"x": bad, "y": 2.0}})


CALLS: dict[str, Callable[[Any], Any]] = {
    **dict(of_signatures()),
    **{f"{public} at x": at_x(public) for public in (*SWEEPS, "evaluate_many")},
    **{f"primitive({fact})": called(adviz.primitive, GOOD["primitive"], fact) for fact in FACTS},
    **{
        f"Scenario({name})": scenario(name) for name in inspect.signature(adviz.Scenario).parameters
    },
    "direction of x": lambda bad: adviz.jvp(GRAPH, AT, {"x": bad}),
    "cotangent of f": lambda bad: adviz.vjp(GRAPH, AT, {"f": bad}),
    "many along": lambda bad: adviz.evaluate_many(GRAPH, AT, kind="jvp", direction=bad),
    "many weighed": lambda bad: adviz.evaluate_many(GRAPH, AT, kind="vjp", cotangent=bad),
    "many points": lambda bad: adviz.evaluate_many(GRAPH, [{"x": bad, "y": 1.0}]),
    "many into": lambda bad: adviz.evaluate_many(GRAPH, {"x": np.ones(3), "y": 1.0}, out=bad),
    "many formulas": lambda bad: adviz.evaluate_many([bad], AT),
    "compare at x": lambda bad: adviz.compare(GRAPH, at={"x": bad, "y": 1.0}),
    "check at x": lambda bad: adviz.check(GRAPH, at={"x": bad, "y": 1.0}),
    "check range of x": lambda bad: adviz.check(GRAPH, points=1, ranges={"x": bad}),
    "claimed formula": lambda bad: adviz.check(GRAPH, points=1, gradient={"x": bad, "y": "x"}),
    "claimed row": lambda bad: adviz.check(GRAPH, points=1, gradient=lambda x, y: bad),
    "claimed number": lambda bad: adviz.check(GRAPH, points=1, gradient=lambda x, y: (bad, x)),
    "claimed Hessian": lambda bad: adviz.check(GRAPH, points=1, hessian=lambda x, y: bad),
    "claimed product": lambda bad: adviz.check(GRAPH, points=1, hvp=lambda x, y, v: bad),
    "kernel of it": GRADIENT,
    "kernel by name": lambda bad: GRADIENT(x=bad, y=1.0),
    "kernel in order": lambda bad: GRADIENT(bad, 1.0),
    "kernel along": lambda bad: ALONG(x=1.0, y=1.0, x_dot=bad),
    "vector": GRADIENT.vector,
    "vector and tangents": lambda bad: ALONG.vector([1.0, 2.0], bad),
    "vector of it": lambda bad: GRADIENT.vector([bad, 1.0]),
    "written in": GRADIENT.written,
    "written as": lambda bad: GRADIENT.written("py", bad),
    "theme": lambda bad: adviz.draw(GRAPH, theme=bad),
    "marks": lambda bad: adviz.animate(TRACE, marks=bad),
    "traced constant": lambda bad: adviz.build(lambda x: x + bad, verify=False),
    "traced result": lambda bad: adviz.build(lambda x: bad),
    "traced point": lambda bad: adviz.gradient(lambda x: np.sin(x), bad),
    "traced argument": lambda bad: adviz.gradient(lambda x: np.sin(x), {"x": bad}),
}
THEIRS = ("traced constant", "traced argument")
"""Where an exception may be that of the user's own function, which passes through."""


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise TimeoutError where something takes longer."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs an alarm to stop what hangs")
@pytest.mark.parametrize("call", CALLS)
def test_bad_input_is_answered_or_refused_in_one_sentence(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where a folder that is named by anything may be written
    for kind, bad in BAD.items():
        with warnings.catch_warnings(), within(_SECONDS):
            warnings.simplefilter("ignore")
            try:
                repr(CALLS[call](bad()))
            except AdvizError as error:
                assert len(str(error)) < _LONGEST, kind
                assert str(error).isprintable() or "\n" in str(error), kind
            except (TypeError, ValueError) as error:
                assert call in THEIRS, f"{kind}: {error}"


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        ("gradient(wrt)", "zero", "wrt = 0; it is a name, or several in a list"),
        ("gradient(wrt)", "list of None", "wrt = [None]; it is a name, or several in a list"),
        ("gradient(errors)", "empty list", "errors = []; it is 'raise' or 'ieee'"),
        ("gradient(digits)", "broken", "digits = 1.5 must be a whole number from 1 to 20000"),
        ("build(verify)", "None", "verify = None; it is True or False"),
        ("gradient(mode)", "unreadable",
         "there is no mode <Unreadable>; modes are reverse, forward, symbolic"),
        ("forward(direction)", "zero", "direction = 0; it is a mapping such as {'x': 1.0}"),
        ("check(seed)", "broken", "seed = 1.5; it is a whole number of at most 1000 digits"),
        ("check(order)", "three axes", "order = array([[[0., 0.],…; it is 1 or 2"),
        ("check(ranges)", "zero", "ranges = 0; it is a mapping such as {'x': (0, 1)}"),
        ("check(progress)", "zero", "progress = 0; it is a function of (done, total)"),
        ("check_many(subjects)", "text",
         "what is to be worked on = '1'; it is a list or an iterator"),
        ("build(functions)", "zero", "functions are rows of adviz.primitive in a list, not int"),
        ("table(*swept_by)", "zero", "traces = (0,); it is sweeps, such as adviz.reverse gives"),
        ("marks", "zero", "marks = 0; it is a mapping of nodes and edges to marks"),
        ("symbolic(largest)", "broken", "largest = 1.5 must be a whole number from 1 on"),
        ("primitive(define)", "None", "define = None; it is a text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_what_would_work(call: str, kind: str, said: str) -> None:
    with pytest.raises(AdvizError) as error:
        CALLS[call](BAD[kind]())
    assert str(error.value) == said


def test_an_error_repeats_no_long_word_whole() -> None:
    with pytest.raises(AdvizError) as error:
        adviz.gradient(GRAPH, AT, wrt="q" * 10_000)
    assert len(str(error.value)) < 200
