"""Wherever a callable keeps the functions that it calls, tracing finds them, and leaves them be."""

from __future__ import annotations

import collections
import functools
import math
import types
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

import pytest

import adviz
from adviz.sources.function import trace
from adviz.sources.tracing.holders import FILLED, FIXED

T = TypeVar("T")
Function = Callable[[Any], Any]


class Slotted:
    __slots__ = ("__rate", "empty")

    def __init__(self) -> None:
        self.__rate = 2.0

    def f(self, x: Any) -> Any:
        return self.__rate * math.sin(x)


@dataclass(frozen=True, slots=True)
class Frozen:
    inner: Function = math.sin

    def f(self, x: Any) -> Any:
        return 2.0 * self.inner(x)


class Listened(ABC):
    heard: ClassVar[list[str]] = []

    def __init_subclass__(cls) -> None:
        Listened.heard.append(cls.__name__)

    @abstractmethod
    def rate(self) -> float:
        return 0.0

    def f(self, x: Any) -> Any:
        return self.rate() * math.sin(x)


class Listening(Listened):
    def rate(self) -> float:
        return super().rate() or 2.0


class Watching(type):
    made: ClassVar[list[str]] = []

    def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> Watching:
        cls.made.append(name)
        return super().__new__(cls, name, bases, space)


class Watched(metaclass=Watching):
    def f(self, x: Any) -> Any:
        return 2.0 * math.sin(x)


class Pair(NamedTuple):
    a: float
    inner: Function

    def f(self, x: Any) -> Any:
        return self.a * self.inner(x)


class Rates(dict[str, float]):
    def f(self, x: Any) -> Any:
        return self["rate"] * math.sin(x)


class Steps(list[Function]):
    def extend(self, *_: Any) -> None:
        raise AssertionError("nobody adds a step here")

    __iter__ = None  # type: ignore[assignment]  # nor walks through them

    def __setattr__(self, name: str, value: object) -> None:
        raise AssertionError(f"nobody sets {name}={value!r}")

    def f(self, x: Any) -> Any:
        return 2.0 * self[0](x)


class Model(Protocol):
    def f(self, x: Any) -> Any: ...


class Waves(Model, Generic[T]):
    later = functools.partialmethod(lambda self, rate, x: rate * self.inner(x), 2.0)
    inner: ClassVar[Any] = math.sin
    by_name = types.MappingProxyType({"f": math.sin})

    @functools.cached_property
    def wave(self) -> Function:
        return lambda x: 2.0 * math.sin(x)

    def f(self, x: Any) -> Any:
        return 2.0 * self.by_name["f"](x)


class Described:
    def __get__(self, owner: Any, kind: Any = None) -> Function:
        return lambda x: 2.0 * math.sin(x)


class Guarded:
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"nobody asks for {name}")

    def f(self, x: Any) -> Any:
        return 2.0 * math.sin(x)


class Describing:
    f = Described()


WAVES: Waves[float] = Waves()
KEPT: dict[str, Any] = {
    "deque": collections.deque([math.sin]),
    "set": {math.sin},
    "frozenset": frozenset([math.sin]),
    "OrderedDict": collections.OrderedDict(a=math.sin),
    "defaultdict": collections.defaultdict(lambda: math.sin),
}
SPACE = types.SimpleNamespace(f=math.sin)
OBJECTS: tuple[Any, ...] = (
    Slotted(),
    Frozen(),
    Listening(),
    Watched(),
    Pair(2.0, math.sin),
    Rates(rate=2.0),
    Steps([math.sin]),
    WAVES,
    Describing(),
    Guarded(),
)
WAYS: dict[str, Function] = {
    **{type(one).__name__: lambda x, one=one: one.f(x) for one in OBJECTS},  # type: ignore[misc]
    "deque": lambda x: 2.0 * KEPT["deque"][0](x),
    "set": lambda x: 2.0 * sum(wave(x) for wave in KEPT["set"]),
    "frozenset": lambda x: 2.0 * sum(wave(x) for wave in KEPT["frozenset"]),
    "OrderedDict": lambda x: 2.0 * KEPT["OrderedDict"]["a"](x),
    "defaultdict": lambda x: 2.0 * KEPT["defaultdict"]["new"](x),
    "SimpleNamespace": lambda x: 2.0 * SPACE.f(x),
    "made there": lambda x: Pair(2.0, math.sin).f(x),
    "partialmethod": lambda x: WAVES.later(x),
    "attribute of a class": lambda x: 2.0 * WAVES.inner(x),
    "cached_property": lambda x: WAVES.wave(x),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_kept_is_found(way: str) -> None:
    assert trace(WAYS[way]).text == "f(x) = 2.0*sin(x)"
    assert adviz.gradient(WAYS[way], at={"x": 0.5}) == {"x": 2.0 * math.cos(0.5)}


@pytest.mark.parametrize("one", OBJECTS, ids=lambda one: type(one).__name__)
def test_what_is_kept_stays_as_it_was(one: Any) -> None:
    before = (list(Listened.heard), list(Watching.made), type(one), dict(vars(type(one))))
    trace(lambda x: one.f(x))
    assert (list(Listened.heard), list(Watching.made), type(one), dict(vars(type(one)))) == before
    assert one.f(0.5) == 2.0 * math.sin(0.5)


class Ring:
    """Holds itself by way of every kind that can."""

    def __init__(self, kind: type) -> None:
        self.held: Any = FILLED[kind].empty(kind())
        holder = [self, math.sin]
        FILLED[kind].fill(self.held, KINDS.get(kind, dict.fromkeys)(holder), lambda value: value)

    def f(self, x: Any) -> Any:
        return 2.0 * math.sin(x) if self.held else x


KINDS: dict[type, Function] = {
    list: list,
    collections.deque: list,
    set: list,
    dict: lambda parts: dict(enumerate(parts)),
    collections.OrderedDict: lambda parts: dict(enumerate(parts)),
    collections.defaultdict: lambda parts: collections.defaultdict(None, enumerate(parts)),
    types.SimpleNamespace: lambda parts: types.SimpleNamespace(a=parts[0], b=parts[1]),
}


@pytest.mark.parametrize("kind", FILLED, ids=lambda kind: kind.__name__)
def test_a_ring_is_followed_once(kind: type) -> None:
    ring = Ring(kind)
    assert trace(lambda x: ring.f(x)).text == "f(x) = 2.0*sin(x)"


def test_every_kind_of_holder_is_tried() -> None:
    tried = {*map(type, KEPT.values()), *map(type, vars(Waves).values()), types.SimpleNamespace}
    elsewhere = {dict, list, tuple, functools.partial, property, staticmethod, classmethod}
    assert {*FIXED, *FILLED} - tried - elsewhere == {type(functools.cache(lambda: None))}
