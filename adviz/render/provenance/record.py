"""The record that a figure carries: what its numbers come from, as data and as text."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal, NamedTuple, get_args

from adviz.errors import FormatError
from adviz.language.brief import quoted
from adviz.modes.trace import Mode
from adviz.render.provenance.shown import Seen

SEALED: Literal["sealed"] = "sealed"
"""What is seen of a figure that shows more than sweeps compute."""
NAME, VERSION = "adviz-provenance", 1
"""What a record calls itself."""
LONGEST = 2_000_000
"""The most characters of a record."""
_LIBRARIES = ("numpy", "sympy")
_TEXTS = ("digest", "seal", "pieces", "fault")


class Sweep(NamedTuple):
    """One sweep: its mode, and what it started from."""

    mode: Mode
    seed: Mapping[str, Any] = {}
    """A direction, or a cotangent."""
    weights: Mapping[str, Any] = {}
    """The cotangent of a sweep of second order."""
    wrt: Sequence[str] | None = None
    """The inputs that were differentiated by, all unless given."""
    order: int = 0


@dataclass(frozen=True)
class Record:
    """What a figure is of, with numbers as JSON has them.

    >>> Record("x*y").text()
    '{"adviz-provenance":1,"source":"x*y"}'
    """

    source: Any
    """The formula, or the document of the graph where no formula gives it."""
    seen: Seen | Literal["sealed"] = "picture"
    at: Mapping[str, Any] = field(default_factory=dict)
    numbers: str | int = "float64"
    """The number system: its name, or how many digits."""
    sweeps: Sequence[Sweep] = ()
    view: Mapping[str, Any] = field(default_factory=dict)
    """What is seen of the graph, where that is not all of it."""
    notes: int = 0
    """How many nodes and edges are marked, which is not computed again."""
    fault: str = ""
    """The fault of the gallery whose sweep is beside the right one."""
    made_with: Mapping[str, str] = field(default_factory=dict)
    """The versions of what made the figure."""
    printed: Sequence[str] | None = None
    """The numbers as they are printed; None where the file has them as data."""
    digest: str = ""
    """The SHA-256 of the numbers as they are printed."""
    seal: str = ""
    """The SHA-256 of what the file holds besides the record."""
    pieces: str = ""
    """A short checksum of each text, or line, of the file."""

    def text(self) -> str:
        """Return the record as JSON, in ASCII and without what is as usual."""
        usual = {each.name: each.default for each in fields(self)}
        told = {n.replace("_", "-"): v for n, v in vars(self).items() if v not in (usual[n], {})}
        if self.sweeps:
            told["sweeps"] = [_but_usual(sweep) for sweep in self.sweeps]
        written = json.dumps({NAME: VERSION, **told}, separators=(",", ":"), allow_nan=False)
        return written.replace("--", "-\\u002d")  # which no comment of HTML may hold


def _but_usual(sweep: Sweep) -> dict[str, Any]:
    told, usual = sweep._asdict(), Sweep._field_defaults
    return {name: one for name, one in told.items() if name not in usual or one != usual[name]}


@cache
def versions() -> dict[str, str]:
    """Return the versions of what a figure is made with."""
    found = {"adviz": str(sys.modules["adviz"].__version__), "python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:  # it is there, and nobody has installed it
            continue
    return found


def read(text: str) -> Record:
    """Return the record that a text is, looked at before it is believed.

    Raises FormatError for what is none, in one sentence.

    >>> read(Record("x*y", at={"x": 3.0, "y": 2.0}).text()).at
    {'x': 3.0, 'y': 2.0}
    >>> read('{"adviz-provenance":2}')
    Traceback (most recent call last):
    adviz.errors.FormatError: its record has version 2; this adviz reads 1
    """
    if len(text) > LONGEST:
        raise FormatError(f"its record has more than {LONGEST} characters")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"its record is not JSON: {str(error)[:120]}") from None
    if not isinstance(told, dict) or NAME not in told:
        raise FormatError(f"its record is none of adviz: it has no {NAME!r}")
    if type(told[NAME]) is not int or told[NAME] != VERSION:
        raise FormatError(
            f"its record has version {quoted(told[NAME])}; this adviz reads {VERSION}"
        )
    return _believed({name.replace("-", "_"): one for name, one in told.items() if name != NAME})


def _believed(told: dict[str, Any]) -> Record:
    """Return a record whose parts are what they should be; numbers are looked at later."""
    known = {each.name for each in fields(Record)}
    _require("source" in told and not {*told} - known, "parts", list(told))
    for name in _TEXTS:
        _require(isinstance(told.get(name, ""), str), name, told.get(name))
    for name in ("at", "view", "made_with"):
        _require(isinstance(told.get(name, {}), dict), name, told.get(name))
    versions = told.get("made_with", {}).values()
    _require(all(isinstance(one, str) for one in versions), "made_with", told.get("made_with"))
    printed, seen, sweeps = told.get("printed"), told.get("seen", "picture"), told.get("sweeps", [])
    good = printed is None or (
        isinstance(printed, list) and all(isinstance(p, str) for p in printed)
    )
    _require(good, "printed", printed)
    _require(type(seen) is int or seen in ("film", "picture", SEALED), "seen", seen)
    _require(type(told.get("notes", 0)) is int, "notes", told.get("notes"))
    _require(isinstance(sweeps, list) and len(sweeps) <= _MOST, "sweeps", sweeps)
    return Record(**{**told, "sweeps": tuple(map(_sweep, sweeps))})


def _sweep(told: Any) -> Sweep:
    good = isinstance(told, dict) and not {*told} - {*Sweep._fields}
    _require(good and told.get("mode") in get_args(Mode), "sweeps", told)
    parts = Sweep(**told)
    wrt = parts.wrt
    named = wrt is None or (isinstance(wrt, list) and all(isinstance(name, str) for name in wrt))
    _require(named and type(parts.order) is int and 0 <= parts.order <= _HIGHEST, "sweeps", told)
    _require(isinstance(parts.seed, dict) and isinstance(parts.weights, dict), "sweeps", told)
    _require(bool(parts.seed) or parts.mode == "evaluate", "sweeps", told)
    _require(bool(parts.weights) or parts.mode != "second-order", "sweeps", told)
    return parts


_HIGHEST, _MOST = 100, 100
"""The highest order of a Taylor expansion, and the most sweeps, that are computed again."""


def _require(good: bool, name: str, given: object) -> None:
    if not good:
        raise FormatError(f"its record has {name} = {quoted(given)}, which no figure of adviz has")
