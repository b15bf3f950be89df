"""adviz makes differentiation visible and checkable.

A formula becomes an explicit graph; the graph is differentiated by forward mode, reverse mode
and SymPy; every step can be seen, and every number can be trusted.

>>> import adviz
>>> adviz.gradient("(x + y)*(x - y)", at={"x": 3, "y": 2})
{'x': 6.0, 'y': -4.0}
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adviz import functions as functions
    from adviz.calculus import gradient as gradient
    from adviz.calculus import hessian as hessian
    from adviz.calculus import hvp as hvp
    from adviz.calculus import jacobian as jacobian
    from adviz.calculus import jvp as jvp
    from adviz.calculus import vjp as vjp
    from adviz.derive import derivative_graph as derivative_graph
    from adviz.errors import AdvizError as AdvizError
    from adviz.graph import Graph as Graph
    from adviz.kernel import Kernel as Kernel
    from adviz.kernel import compile as compile
    from adviz.many import check_many as check_many
    from adviz.many import evaluate_many as evaluate_many
    from adviz.modes import evaluate as evaluate
    from adviz.modes import forward as forward
    from adviz.modes import reverse as reverse
    from adviz.own import primitive as primitive
    from adviz.report import Report as Report
    from adviz.scenarios import Scenario as Scenario
    from adviz.show import Animation as Animation
    from adviz.show import Drawing as Drawing
    from adviz.show import animate as animate
    from adviz.show import draw as draw
    from adviz.sources import build as build
    from adviz.sources.files import load as load
    from adviz.sources.files import save as save
    from adviz.symbolics import symbolic as symbolic
    from adviz.tables import Table as Table
    from adviz.tables import table as table
    from adviz.trace import Step as Step
    from adviz.trace import Trace as Trace
    from adviz.verdict import check as check

__version__ = "0.1.0"

_HOMES = {
    "sources": ("build",),
    "sources.files": ("load", "save"),
    "calculus": ("gradient", "hessian", "hvp", "jacobian", "jvp", "vjp"),
    "report": ("Report",),
    "verdict": ("check",),
    "derive": ("derivative_graph",),
    "errors": ("AdvizError",),
    "kernel": ("Kernel", "compile"),
    "many": ("check_many", "evaluate_many"),
    "functions": ("functions",),
    "graph": ("Graph",),
    "own": ("primitive",),
    "scenarios": ("Scenario",),
    "show": ("Animation", "Drawing", "animate", "draw"),
    "symbolics": ("symbolic",),
    "tables": ("Table", "table"),
    "modes": ("evaluate", "forward", "reverse"),
    "trace": ("Step", "Trace"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Load a public name's module when the name is first used (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'adviz' has no attribute {name!r}")
    module = import_module(f"adviz.{_HOME[name]}")
    value = module if name == "functions" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
