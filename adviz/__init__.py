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
    from adviz.calculus.derivatives import gradient as gradient
    from adviz.calculus.derivatives import hessian as hessian
    from adviz.calculus.derivatives import hvp as hvp
    from adviz.calculus.derivatives import jacobian as jacobian
    from adviz.calculus.derivatives import jvp as jvp
    from adviz.calculus.derivatives import vjp as vjp
    from adviz.calculus.parallel.evaluate_many import evaluate_many as evaluate_many
    from adviz.calculus.taylor import Taylor as Taylor
    from adviz.calculus.taylor import taylor as taylor
    from adviz.checking.check import check as check
    from adviz.checking.check_many import check_many as check_many
    from adviz.checking.closing.animate import animate as animate
    from adviz.checking.exercise.exercise import Exercise as Exercise
    from adviz.checking.exercise.exercise import exercise as exercise
    from adviz.checking.exercise.marks import Marks as Marks
    from adviz.checking.figures.verify import Verification as Verification
    from adviz.checking.figures.verify import verify as verify
    from adviz.checking.lecture import Lecture as Lecture
    from adviz.checking.lecture import lecture as lecture
    from adviz.checking.modules.check_module import check_module as check_module
    from adviz.checking.modules.module_report import ModuleReport as ModuleReport
    from adviz.checking.recording.recording import Recording as Recording
    from adviz.checking.recording.watch import watch as watch
    from adviz.checking.recording.watch import watching as watching
    from adviz.checking.report import Report as Report
    from adviz.checking.scenarios import Scenario as Scenario
    from adviz.comparison.alignment.alignment import Alignment as Alignment
    from adviz.comparison.alignment.alignment import align as align
    from adviz.comparison.checkpointing.checkpoint import checkpoint as checkpoint
    from adviz.comparison.checkpointing.schedule import Schedule as Schedule
    from adviz.comparison.compare import compare as compare
    from adviz.comparison.comparison import Comparison as Comparison
    from adviz.comparison.descent.descend import descend as descend
    from adviz.comparison.descent.descent import Descent as Descent
    from adviz.comparison.elimination.elimination import Elimination as Elimination
    from adviz.comparison.elimination.elimination import eliminate as eliminate
    from adviz.comparison.families import Family as Family
    from adviz.comparison.families import compare_family as compare_family
    from adviz.comparison.figures.chart import Chart as Chart
    from adviz.comparison.figures.digits import lost_digits as lost_digits
    from adviz.comparison.figures.steps import step_errors as step_errors
    from adviz.comparison.paths.paths import Paths as Paths
    from adviz.comparison.paths.paths import paths as paths
    from adviz.compiler.frameworks.export import export as export
    from adviz.compiler.kernel import Kernel as Kernel
    from adviz.compiler.kernel import compile as compile
    from adviz.errors import AdvizError as AdvizError
    from adviz.functions import primitive as primitive
    from adviz.graph.graph import Graph as Graph
    from adviz.modes.building import build as build
    from adviz.modes.building import expand as expand
    from adviz.modes.derivative_graph import derivative_graph as derivative_graph
    from adviz.modes.second_order import second_order as second_order
    from adviz.modes.sparsity.pattern import Colouring as Colouring
    from adviz.modes.sparsity.pattern import Sparsity as Sparsity
    from adviz.modes.sparsity.propagation import sparsity as sparsity
    from adviz.modes.symbolic import symbolic as symbolic
    from adviz.modes.trace import Step as Step
    from adviz.modes.trace import Trace as Trace
    from adviz.modes.verbs import evaluate as evaluate
    from adviz.modes.verbs import forward as forward
    from adviz.modes.verbs import reverse as reverse
    from adviz.render.animation import Animation as Animation
    from adviz.render.drawing import Drawing as Drawing
    from adviz.render.drawing import draw as draw
    from adviz.scene.table import Table as Table
    from adviz.scene.table import table as table
    from adviz.sources.files import load as load
    from adviz.sources.files import save as save
    from adviz.sources.frameworks.read import point as point

__version__ = "0.1.0"

_HOMES = {
    "calculus.derivatives": ("gradient", "hessian", "hvp", "jacobian", "jvp", "vjp"),
    "calculus.parallel.evaluate_many": ("evaluate_many",),
    "calculus.taylor": ("Taylor", "taylor"),
    "checking.check": ("check",),
    "checking.check_many": ("check_many",),
    "checking.closing.animate": ("animate",),
    "checking.exercise.exercise": ("Exercise", "exercise"),
    "checking.exercise.marks": ("Marks",),
    "checking.figures.verify": ("Verification", "verify"),
    "checking.lecture": ("Lecture", "lecture"),
    "checking.modules.check_module": ("check_module",),
    "checking.modules.module_report": ("ModuleReport",),
    "checking.recording.recording": ("Recording",),
    "checking.recording.watch": ("watch", "watching"),
    "checking.report": ("Report",),
    "checking.scenarios": ("Scenario",),
    "comparison.alignment.alignment": ("Alignment", "align"),
    "comparison.checkpointing.checkpoint": ("checkpoint",),
    "comparison.checkpointing.schedule": ("Schedule",),
    "comparison.compare": ("compare",),
    "comparison.comparison": ("Comparison",),
    "comparison.elimination.elimination": ("Elimination", "eliminate"),
    "comparison.families": ("Family", "compare_family"),
    "comparison.figures.chart": ("Chart",),
    "comparison.figures.digits": ("lost_digits",),
    "comparison.figures.steps": ("step_errors",),
    "comparison.descent.descend": ("descend",),
    "comparison.descent.descent": ("Descent",),
    "comparison.paths.paths": ("Paths", "paths"),
    "compiler.frameworks.export": ("export",),
    "compiler.kernel": ("Kernel", "compile"),
    "errors": ("AdvizError",),
    "functions": ("functions", "primitive"),
    "graph.graph": ("Graph",),
    "modes.building": ("build", "expand"),
    "modes.derivative_graph": ("derivative_graph",),
    "modes.second_order": ("second_order",),
    "modes.sparsity.pattern": ("Colouring", "Sparsity"),
    "modes.sparsity.propagation": ("sparsity",),
    "modes.verbs": ("evaluate", "forward", "reverse"),
    "modes.symbolic": ("symbolic",),
    "modes.trace": ("Step", "Trace"),
    "render.animation": ("Animation",),
    "render.drawing": ("Drawing", "draw"),
    "scene.table": ("Table", "table"),
    "sources.files": ("load", "save"),
    "sources.frameworks.read": ("point",),
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


def _drawn(noun: Any) -> str | None:
    """Return the picture by which a graph or a trace shows itself in a notebook."""
    from adviz.render.drawing import shown

    return shown(noun)


def _plate(noun: Any) -> Any:
    """Return the plate of a pattern, which is painted two floors above it."""
    from adviz.render.pattern import plate

    return plate(noun)


def _page(noun: Any) -> str:
    """Return a noun that is a table as a page of its own."""
    from adviz.render.page import table_page

    return table_page(noun)


def _sealed(content: bytes, suffix: str) -> bytes:
    """Return a file with a record by which a change of it is found, if it has a place for one."""
    from adviz.render.provenance.made import sealed

    return sealed(content, suffix)


def load_ipython_extension(shell: Any) -> None:
    """Give a notebook `%adviz` and `%%adviz`, which IPython asks for at `%load_ext adviz`."""
    from adviz.cli.magics import register

    register(shell)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
