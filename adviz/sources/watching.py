"""What a function does line by line: where it was, and the numbers that its locals held."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from math import isclose
from types import FrameType
from typing import Any, NamedTuple

from adviz.sources.structure import flat
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.references import followed
from adviz.sources.tracing.traced import TracedValue

_CLOSE = 1e-9
"""What two runs may differ by, relative or absolute, as rounding lets them."""
_MOST = 10_000
"""As many lines are watched."""


class Moment(NamedTuple):
    """A line about to run."""

    place: str
    locals: Mapping[str, tuple[float, ...]]


def watched(call: Callable[[], Any]) -> list[Moment]:
    """Return the lines of the user's own code that a call runs, up to where it ends or raises."""
    moments: list[Moment] = []

    def line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line" and len(moments) < _MOST:
            held = ((name, _numbers(value)) for name, value in frame.f_locals.items())
            moments.append(Moment(spot(frame), {name: one for name, one in held if one}))
        return line

    def entered(frame: FrameType, *_: Any) -> Any:
        written = frame.f_code.co_filename != "<string>"  # not made by a named tuple's class
        return line if written and followed(frame.f_globals.get("__name__")) else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        call()
    except Exception:
        return moments
    finally:
        sys.settrace(before)
    return moments


def _numbers(value: Any) -> tuple[float, ...]:
    """Return the numbers that a local is or holds; a traced value's at the followed point."""
    try:
        return tuple(map(_number, flat(value)))
    except (TypeError, ValueError):
        return ()


def _number(value: Any) -> float:
    return value.tape.number(value) if isinstance(value, TracedValue) else float(value)


def parting(first: list[Moment], second: list[Moment]) -> str:
    """Return the line after which two runs of a function differ; nothing if there is none.

    >>> at = [Moment("line 1", {"x": (1.0,)}), Moment("line 2", {"x": (1.0,), "y": (2.0,)})]
    >>> parting(at, [at[0], Moment("line 2", {"x": (1.0,), "y": (3.0,)})])
    'line 1'
    """
    before = ""
    for one, other in zip(first, second, strict=False):
        if one.place != other.place or not _same(one.locals, other.locals):
            return before
        before = one.place
    return before


def _same(first: Mapping[str, tuple[float, ...]], second: Mapping[str, tuple[float, ...]]) -> bool:
    return all(
        len(first[name]) == len(second[name]) and all(map(_close, first[name], second[name]))
        for name in first.keys() & second.keys()
    )


def _close(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE) or (one != one and other != other)
