"""What a function sees in place of `math`, of builtins such as `max`, and of its helpers.

`math.sin(v)` asks a value for a float and `max(v, w)` asks a comparison which way it went, so
neither can be traced as it is. A *copy* of the function is traced, whose globals, closure and
defaults have stand-ins, and so on through the plain Python functions that it can reach. The
function, its module and everything it refers to stay as they were; nothing is patched.
"""

from __future__ import annotations

import builtins
import dis
import functools
import sys
from abc import ABCMeta
from collections.abc import Callable, Mapping
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any

from adviz.sources.tracing.holders import FILLED, FIXED
from adviz.sources.tracing.library import LIBRARIES, is_frozen
from adviz.sources.tracing.mathematics import stand_ins
from adviz.sources.tracing.references import (
    attributes,
    builtin_base,
    followed,
    imports,
    is_followed,
    names,
    references,
)

_MODULES = LIBRARIES | {"math"}
_STORE_GLOBAL = dis.opmap["STORE_GLOBAL"]


def _leaf(value: Any, of: Callable[[Any], Any]) -> Any:
    """Return the stand-in of a function of `math`, NumPy, SciPy or the builtins, else the value."""
    found = stand_ins().get(id(value))
    if found is not None:
        return found
    if "numpy" in sys.modules and (callable(value) or is_frozen(value)):
        from adviz.sources.tracing.numpy import stand_in

        return stand_in(value, of)
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
        self.keeps_state = False
        """Whether something that code may change was copied, so that only the copy has changed."""

    def of(self, value: Any) -> Any:
        """Return what traced code sees in place of a value; the value itself where it can."""
        known = self._copies.get(id(value))
        if known is not None:
            return known[1]
        if isinstance(value, ModuleType):
            return self._kept(value, self._module(value))
        leaf = _leaf(value, self.of)
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
        return _leaf(value, self.of) is not value

    def _enters(self, value: Any) -> bool:
        return type(value) is not FunctionType or is_followed(value)

    def _copied(self, value: Any) -> Any:
        """Return a copy of a value whose references have stand-ins."""
        kind = type(value)
        if kind in FIXED:
            return self._kept(value, FIXED[kind].made(value, self.of))
        if kind in FILLED:
            self.keeps_state = True
            copy = self._kept(value, FILLED[kind].empty(value))
            FILLED[kind].fill(copy, value, self.of)
            return copy
        if kind is FunctionType:
            return self._function(value)
        if kind is MethodType:
            return self._method(value)
        return self._class(value) if isinstance(value, type) else self._instance(value)

    def _function(self, function: FunctionType) -> Any:
        """Return a function with the same code in another scope."""
        scope = self._scope(function)
        named = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        cells = [self._cell(name, cell) for name, cell in named]
        new = [cell for _, cell in cells]
        copy = FunctionType(function.__code__, scope, function.__name__, None, tuple(new))
        self.keeps_state |= _STORE_GLOBAL in function.__code__.co_code[::2]
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

    def _method(self, value: MethodType) -> Any:
        owner = self.of(value.__self__)
        own = getattr(owner, value.__func__.__name__, None)
        same = isinstance(own, MethodType) and owner is not value.__self__
        return self._kept(value, own if same else MethodType(self.of(value.__func__), owner))

    def _class(self, cls: type) -> Any:
        """Return a subclass whose own methods are copies.

        The copies of the bases stand after the class itself, where super() looks for them. Nobody
        who watches for subclasses hears of this one: neither a base nor a metaclass.
        """
        bases = [self.of(base) for base in cls.__bases__ if self._changes(base)]
        silent: Any = type("Silent", (), {"__slots__": (), "__init_subclass__": _unheard})
        made = ABCMeta.__new__ if isinstance(cls, ABCMeta) else type.__new__
        copy = made(type(cls), cls.__name__, (silent, cls, *bases), {"__slots__": ()})
        del silent.__init_subclass__
        self._kept(cls, copy)
        spoken = {"__module__": cls.__module__, "__qualname__": cls.__qualname__}
        defined = {
            name: self._defined(one) for name, one in vars(cls).items() if self._changes(one)
        }
        for name, value in {**spoken, **defined}.items():
            type.__setattr__(copy, name, value)
        return copy

    def _defined(self, value: Any) -> Any:
        """Return what stands in for an attribute of a class: no method unless it was one."""
        copy = self.of(value)
        bound = hasattr(type(copy), "__get__") and not hasattr(type(value), "__get__")
        return staticmethod(copy) if bound else copy

    def _instance(self, value: Any) -> Any:
        """Return an object of the copied class with the same attributes, and items if it has any.

        They are set past what the class may do when they are.
        """
        self.keeps_state = True
        kind: Any = builtin_base(value)
        items = [map(self.of, tuple.__iter__(value))] if kind is tuple else []
        copy = self._kept(value, kind.__new__(self.of(type(value)), *items))
        if kind is list:
            list.extend(copy, map(self.of, list.__iter__(value)))
        if kind is dict:
            dict.update(copy, {name: self.of(one) for name, one in dict.items(value)})
        for name, one in attributes(value).items():
            object.__setattr__(copy, name, self.of(one))
        return copy


def _unheard(cls: type, **_: object) -> None:
    """Hear nothing of a subclass."""


class Namespace:
    """A module as traced code sees it: its functions have stand-ins."""

    _seen: tuple[ModuleType, Callable[[Any], Any]]

    def __init__(self, module: ModuleType, of: Callable[[Any], Any]) -> None:
        object.__setattr__(self, "_seen", (module, of))

    def __getattr__(self, name: str) -> Any:
        module, of = self._seen
        value = getattr(module, name)
        found = of(value)
        if module.__name__.partition(".")[0] in _MODULES:
            object.__setattr__(self, name, found)  # looked up once
        return found

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]  # for `vars`, to be read
        module, of = self._seen
        return {name: of(value) for name, value in vars(module).items()}

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._seen[0], name, value)

    def __dir__(self) -> list[str]:
        return dir(self._seen[0])
