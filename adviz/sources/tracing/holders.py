"""What holds other values, as lists and partial functions do: its parts, and it with others."""

from __future__ import annotations

import functools
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

CACHED = type(functools.cache(lambda: None))

Exchange = Callable[[Any], Any]
"""What stands in for a value."""


class Fixed(NamedTuple):
    """A kind of value that never changes: made at once of what stands in for its parts."""

    parts: Callable[[Any], Iterable[Any]]
    made: Callable[[Any, Exchange], Any]


class Filled(NamedTuple):
    """A kind of value that can hold itself: made empty, known, and then filled."""

    parts: Callable[[Any], Iterable[Any]]
    empty: Callable[[Any], Any]
    fill: Callable[[Any, Any, Exchange], object]


def _extended(copy: Any, value: Any, of: Exchange) -> None:
    copy.extend(map(of, value))


def _updated(copy: Any, value: Any, of: Exchange) -> None:
    copy.update({key: of(one) for key, one in value.items()})


def _defaulted(copy: Any, value: Any, of: Exchange) -> None:
    copy.default_factory = of(value.default_factory)
    _updated(copy, value, of)


def _partial_parts(value: Any) -> list[Any]:
    return [value.func, *value.args, *value.keywords.values()]


def _partial(value: Any, of: Exchange) -> Any:
    keywords = {name: of(one) for name, one in value.keywords.items()}
    return type(value)(of(value.func), *map(of, value.args), **keywords)


def _property(value: property, of: Exchange) -> property:
    return property(of(value.fget), of(value.fset), of(value.fdel), value.__doc__)


def _cached_property(value: Any, of: Exchange) -> Any:
    copy: Any = functools.cached_property(of(value.func))
    copy.attrname = value.attrname
    return copy


def _remembering(value: Any, of: Exchange) -> Any:
    return functools.lru_cache(**value.cache_parameters())(of(value.__wrapped__))


FIXED: Mapping[type, Fixed] = {
    tuple: Fixed(list, lambda value, of: tuple(map(of, value))),
    frozenset: Fixed(list, lambda value, of: frozenset(map(of, value))),
    MappingProxyType: Fixed(
        lambda value: value.values(), lambda value, of: MappingProxyType(of(dict(value)))
    ),
    functools.partial: Fixed(_partial_parts, _partial),
    functools.partialmethod: Fixed(_partial_parts, _partial),
    functools.cached_property: Fixed(lambda value: [value.func], _cached_property),
    CACHED: Fixed(lambda value: [value.__wrapped__], _remembering),
    property: Fixed(lambda value: [value.fget, value.fset, value.fdel], _property),
    staticmethod: Fixed(lambda value: [value.__func__], lambda v, of: staticmethod(of(v.__func__))),
    classmethod: Fixed(lambda value: [value.__func__], lambda v, of: classmethod(of(v.__func__))),
}
"""What never changes, by its type."""

FILLED: Mapping[type, Filled] = {
    list: Filled(list, lambda _: [], _extended),
    deque: Filled(list, lambda value: deque(maxlen=value.maxlen), _extended),
    set: Filled(list, lambda _: set(), lambda copy, value, of: copy.update(map(of, value))),
    dict: Filled(lambda value: value.values(), lambda _: {}, _updated),
    OrderedDict: Filled(lambda value: value.values(), lambda _: OrderedDict(), _updated),
    defaultdict: Filled(
        lambda value: [value.default_factory, *value.values()], lambda _: defaultdict(), _defaulted
    ),
    SimpleNamespace: Filled(
        lambda value: vars(value).values(),
        lambda _: SimpleNamespace(),
        lambda copy, value, of: _updated(vars(copy), vars(value), of),
    ),
}
"""What can be changed, and so can come to hold itself, by its type."""


def parts(value: Any) -> Iterable[Any] | None:
    """Return what a value holds; None for one that is no holder.

    >>> list(parts({"a": 1}))
    [1]
    """
    row = FIXED.get(type(value)) or FILLED.get(type(value))
    return None if row is None else row.parts(value)
