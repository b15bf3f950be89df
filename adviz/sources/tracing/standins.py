"""What a function sees in place of `math`, of builtins such as `max`, and of its helpers.

`math.sin(v)` asks a value for a float and `max(v, w)` asks a comparison which way it went, so
neither can be traced as it is. A *copy* of the function is traced, whose globals, closure and
defaults have stand-ins, and so on through the plain Python functions that it can reach. The
function, its module and everything it refers to stay as they were; nothing is patched.
"""

from __future__ import annotations

import builtins
import functools
import sys
from collections.abc import Callable, Mapping
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any

from adviz.sources.tracing.mathematics import stand_ins
from adviz.sources.tracing.references import (
    CACHED,
    followed,
    imports,
    is_followed,
    names,
    references,
)

_MODULES = frozenset({"math", "numpy"})


def _leaf(value: Any) -> Any:
    """Return the stand-in of a function of `math`, NumPy or the builtins; otherwise the value."""
    found = stand_ins().get(id(value))
    if found is not None:
        return found
    if "numpy" in sys.modules and callable(value):
        from adviz.sources.tracing.numpy import stand_in

        return stand_in(value)
    return value


@functools.cache
def _builtins() -> Mapping[str, Any]:
    """Return the builtins as traced code sees them."""
    known = stand_ins()
    return {name: known.get(id(value), value) for name, value in vars(builtins).items()}


class StandIns:
    """The stand-ins of one tracing; `of` gives the one of any value."""

    def __init__(self) -> None:
        self._copies: dict[int, tuple[Any, Any]] = {}
        self._scopes: dict[int, dict[str, Any]] = {}
        self._reaching: dict[int, tuple[Any, bool]] = {}
        self._builtins = {**_builtins(), "__import__": self._import}

    def of(self, value: Any) -> Any:
        """Return what traced code sees in place of a value; the value itself where it can."""
        known = self._copies.get(id(value))
        if known is not None:
            return known[1]
        if isinstance(value, ModuleType):
            return self._kept(value, self._module(value))
        leaf = _leaf(value)
        if leaf is not value:
            return self._kept(value, leaf)
        return self._copied(value) if self._reaches(value) else value

    def _kept(self, value: Any, copy: Any) -> Any:
        self._copies[id(value)] = value, copy  # holding the value keeps its id its own
        return copy

    def _module(self, module: ModuleType) -> Any:
        """Return a module as traced code sees it."""
        name = module.__name__
        seen = name.partition(".")[0] in _MODULES and ".random" not in name
        return Namespace(module, self.of) if seen or followed(name) else module

    def _import(self, *args: Any, **options: Any) -> Any:
        """Import a module for traced code."""
        return self.of(builtins.__import__(*args, **options))

    def _reaches(self, start: Any) -> bool:
        """Return whether a value can reach anything that has a stand-in."""
        waiting, seen = [start], {}
        while waiting:
            value = waiting.pop()
            if id(value) in seen:
                continue
            seen[id(value)] = value
            known = self._reaching.get(id(value))
            if self._replaced(value) if known is None else known[1]:
                self._reaching[id(start)] = start, True
                return True
            waiting.extend(() if known else references(value) if self._enters(value) else ())
        self._reaching.update({key: (value, False) for key, value in seen.items()})
        return False

    def _replaced(self, value: Any) -> bool:
        """Return whether a value itself has a stand-in."""
        if isinstance(value, ModuleType):
            return isinstance(self.of(value), Namespace)
        if type(value) is FunctionType and is_followed(value) and imports(value.__code__):
            return True
        return _leaf(value) is not value

    def _enters(self, value: Any) -> bool:
        return type(value) is not FunctionType or is_followed(value)

    def _copied(self, value: Any) -> Any:
        """Return a copy of a value whose references have stand-ins."""
        kind = type(value)
        copy = self._COPIERS.get(kind)
        if copy is not None:
            return copy(self, value)
        return self._class(value) if isinstance(value, type) else self._instance(value)

    def _function(self, function: FunctionType) -> Any:
        """Return a function with the same code in another scope."""
        scope = self._scope(function)
        named = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        cells = [self._cell(name, cell) for name, cell in named]
        new = [cell for _, cell in cells]
        copy = FunctionType(function.__code__, scope, function.__name__, None, tuple(new))
        self._kept(function, copy)
        for original, cell in cells:
            if cell is not original:
                cell.cell_contents = self.of(original.cell_contents)
        for name in names(function.__code__):
            if name in function.__globals__:
                scope[name] = self.of(function.__globals__[name])
        copy.__defaults__ = self.of(function.__defaults__)
        copy.__kwdefaults__ = self.of(function.__kwdefaults__)
        copy.__dict__.update(vars(function))
        copy.__qualname__, copy.__module__ = function.__qualname__, function.__module__
        return copy

    def _scope(self, function: FunctionType) -> dict[str, Any]:
        """Return the globals of the copies of all functions of one module."""
        known = self._scopes.get(id(function.__globals__))
        if known is None:
            known = {**function.__globals__, "__builtins__": self._builtins}
            self._scopes[id(function.__globals__)] = known
        return known

    def _cell(self, name: str, cell: CellType) -> tuple[CellType, CellType]:
        """Return a cell and the one in its place: the same unless what it holds has a stand-in.

        The class that super() starts from stays the original one.
        """
        known = self._copies.get(id(cell))
        if known is not None:
            return cell, known[1]
        try:
            shared = name == "__class__" or not self._changes(cell.cell_contents)
        except ValueError:  # not assigned yet
            shared = True
        return cell, self._kept(cell, cell if shared else CellType())

    def _changes(self, value: Any) -> bool:
        return id(value) in self._copies or self._reaches(value)

    def _partial(self, value: functools.partial[Any]) -> Any:
        keywords = {name: self.of(one) for name, one in value.keywords.items()}
        args = map(self.of, value.args)
        return self._kept(value, functools.partial(self.of(value.func), *args, **keywords))

    def _method(self, value: MethodType) -> Any:
        owner = self.of(value.__self__)
        own = getattr(owner, value.__func__.__name__, None)
        same = isinstance(own, MethodType) and owner is not value.__self__
        return self._kept(value, own if same else MethodType(self.of(value.__func__), owner))

    def _cached(self, value: Any) -> Any:
        remember = functools.lru_cache(**value.cache_parameters())
        return self._kept(value, remember(self.of(value.__wrapped__)))

    def _list(self, value: list[Any]) -> Any:
        copy = self._kept(value, [])
        copy.extend(map(self.of, value))
        return copy

    def _dict(self, value: dict[Any, Any]) -> Any:
        copy = self._kept(value, {})
        copy.update({key: self.of(one) for key, one in value.items()})
        return copy

    def _tuple(self, value: tuple[Any, ...]) -> Any:
        return self._kept(value, tuple(map(self.of, value)))

    def _wrapped(self, value: Any) -> Any:
        return self._kept(value, type(value)(self.of(value.__func__)))

    def _property(self, value: property) -> Any:
        return self._kept(value, property(self.of(value.fget), value.fset, value.fdel))

    def _class(self, cls: type) -> Any:
        """Return a subclass whose own methods are copies.

        The copies of the bases stand after the class itself, where super() looks for them.
        """
        bases = [self.of(base) for base in cls.__bases__ if self._changes(base)]
        copy = self._kept(cls, type(cls)(cls.__name__, (cls, *bases), {"__slots__": ()}))
        for name, value in vars(cls).items():
            if type(value) in self._COPIERS and self._changes(value):
                setattr(copy, name, self.of(value))
        copy.__module__, copy.__qualname__ = cls.__module__, cls.__qualname__
        return copy

    def _instance(self, value: Any) -> Any:
        """Return an object of the copied class with the same attributes."""
        copy = self._kept(value, object.__new__(self.of(type(value))))
        vars(copy).update({name: self.of(one) for name, one in vars(value).items()})
        return copy

    _COPIERS: Mapping[type, Callable[[StandIns, Any], Any]] = {
        FunctionType: _function,
        functools.partial: _partial,
        MethodType: _method,
        CACHED: _cached,
        list: _list,
        dict: _dict,
        tuple: _tuple,
        staticmethod: _wrapped,
        classmethod: _wrapped,
        property: _property,
    }


class Namespace:
    """A module as traced code sees it: its functions have stand-ins."""

    def __init__(self, module: ModuleType, of: Callable[[Any], Any]) -> None:
        self.__dict__["_seen"] = module, of

    def __getattr__(self, name: str) -> Any:
        module, of = self.__dict__["_seen"]
        value = getattr(module, name)
        found = of(value)
        if module.__name__.partition(".")[0] in _MODULES:
            self.__dict__[name] = found  # looked up once
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__dict__["_seen"][0], name, value)

    def __dir__(self) -> list[str]:
        return dir(self.__dict__["_seen"][0])
