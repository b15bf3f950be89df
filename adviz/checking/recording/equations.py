"""One equation of a jaxpr: what it is called, what it means, and where the author asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

from adviz.checking.recording.recorded import Meaning
from adviz.sources.frameworks.jax_rules import in_doubles
from adviz.sources.frameworks.jaxpr import JaxprReading, inside
from adviz.sources.frameworks.lax import MOVES
from adviz.sources.frameworks.reading import Reading, Value
from adviz.sources.tracing.places import is_own, places

_CALLS = ("jit", "pjit", "closed_call", "core_call", "remat", "checkpoint", "remat2")
_RULED = ("custom_jvp_call", "custom_vjp_call", "custom_vjp_call_jaxpr")
_NO_NAMES = ("", "<lambda>", "<unknown>")


def is_literal(atom: Any) -> bool:
    """Return whether an argument is a number written into the equation."""
    return hasattr(atom, "val")


def variables(equation: Any) -> list[Any]:
    """Return the variables that an equation takes, each once."""
    return list(dict.fromkeys(one for one in equation.invars if not is_literal(one)))


def function_of(equation: Any) -> Any:
    """Return an equation as a function of its variables, which gives a list."""
    core: Any = import_module("jax.extend.core")
    taken, given = variables(equation), [*equation.outvars]
    told = getattr(core, "DebugInfo", None)
    known_as = told and told("watch", label(equation), ("",) * len(taken), ("",) * len(given))
    alone = core.Jaxpr((), taken, given, [equation], equation.effects, known_as)
    return core.jaxpr_as_fun(core.ClosedJaxpr(alone, ()))


def called(equation: Any) -> tuple[Any, Sequence[Any]] | None:
    """Return the equations and the constants of a call that is gone into, None for any other."""
    return inside(equation) if equation.primitive.name in _CALLS else None


def label(equation: Any) -> str:
    """Return what an equation is called: a function with a rule of its own by its name."""
    ruled = inside(equation) if is_ruled(equation) else None
    info = ruled and getattr(ruled[0], "debug_info", None)
    name = str(getattr(info, "func_name", "")).partition(" ")[0].rpartition(".")[2]
    return str(equation.primitive.name) if name in _NO_NAMES else name


def is_ruled(equation: Any) -> bool:
    """Return whether an equation is a function with a rule of its own."""
    return equation.primitive.name in _RULED


def meaning(equation: Any, given: Sequence[Any]) -> Meaning:
    """Return what an equation computes of its variables; the places that it takes are given."""
    taken = variables(equation)
    moved = MOVES.get(equation.primitive.name, range(len(equation.invars)))
    held = dict(zip(taken, given, strict=True))
    fixed = {
        k: one.val if is_literal(one) else held[one]
        for k, one in enumerate(equation.invars)
        if is_literal(one) or k not in moved
    }

    def meant(reading: Reading, *args: Value) -> Sequence[Value]:
        known = dict(zip(taken, args, strict=True))
        pairs = enumerate(equation.invars)
        values = [fixed[k] if k in fixed else known[one] for k, one in pairs]
        with in_doubles():
            return JaxprReading(reading).equation(equation, values)

    return meant


class Spot(NamedTuple):
    """Where the author asks for an equation: the same place for all of a call."""

    name: str = ""
    """The variable that takes the result, if one does."""
    source: str = ""
    where: Any = None


def spot(equation: Any) -> Spot:
    """Return where the author asks for an equation, as far as that is known."""
    traceback = getattr(equation.source_info, "traceback", None)
    if traceback is None:
        return Spot()
    for code, offset in zip(*traceback.raw_frames(), strict=True):
        parts = code.co_filename.replace("\\", "/").split("/")
        if not ({"jax", "jaxlib"} & {*parts} or is_own(code)):
            found = places(code, named=True).get(offset)
            name = next(iter(found.called), "") if found else ""
            return Spot(name, found.source if found else "", (code, offset))
    return Spot()
