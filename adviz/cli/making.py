"""What commands make, as values: what the command line writes to a file, a notebook shows.

Their parameters are those of the commands, whose annotations Typer reads; so no type is named here
whose module the command line should load late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from adviz.cli.options import Asked, Printed
from adviz.cli.printing import progress


def film(
    asked: Asked,
    theme: Any = "auto",
    flow: Any = "auto",
    around: str = "",
    depth: int | None = None,
    boxes: int | None = None,
    check: bool = True,
    symbolic: bool = False,
) -> Any:
    """Return the film that is asked for."""
    import adviz
    from adviz.cli.arguments import graph_of, traces_of, view_of

    traces, view = traces_of(graph_of(asked.formula), asked), view_of(asked, around, depth, boxes)
    view["precision"] = asked.precision
    looks: dict[str, Any] = {"theme": theme, "direction": flow, **view}
    return adviz.animate(*traces, check=check, symbolic=symbolic, **looks)


def picture(
    asked: Asked,
    printed: Printed,
    theme: Any = "auto",
    flow: Any = "auto",
    around: str = "",
    depth: int | None = None,
    boxes: int | None = None,
) -> Any:
    """Return the picture that is asked for."""
    import adviz
    from adviz.cli.arguments import graph_of, traces_of, view_of

    graph, step = graph_of(asked.formula), printed.step
    looks = {"theme": theme, **printed.looks}
    shown = traces_of(graph, asked) if asked.at or step is not None else [graph]
    view: dict[str, Any] = {"direction": flow, **view_of(asked, around, depth, boxes)}
    view["precision"] = asked.precision
    if step is None:
        return adviz.draw(*shown, **looks, **view)
    return adviz.animate(*shown, check=False, **view).still(step, **looks)


def trace_table(asked: Asked) -> Any:
    """Return the evaluation trace that is asked for."""
    import adviz
    from adviz.cli.arguments import graph_of, traces_of

    return adviz.table(*traces_of(graph_of(asked.formula), asked), precision=asked.precision)


def report(
    formula: str,
    at: str = "",
    points: int | None = None,
    ranges: list[str] | None = None,
    seed: int = 0,
    wrt: str = "",
    near_kinks: bool = False,
    gradient: str = "",
    hessian: str = "",
    hvp: str = "",
    order: Any = 1,
) -> Any:
    """Return the report on derivatives that is asked for."""
    import adviz
    from adviz.cli.arguments import gradient_of, names, numbers, span, subject_of

    with progress("checking") as tell:
        return adviz.check(
            subject_of(formula),
            at=numbers(at) if at else None,
            points=points,
            ranges=dict(map(span, ranges or [])),
            seed=seed,
            near_kinks=near_kinks,
            gradient=gradient_of(gradient),
            hessian=gradient_of(hessian),
            hvp=gradient_of(hvp),
            order=order,
            wrt=names(wrt),
            progress=tell,
        )


MAKERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"animate": film, "check": report, "draw": picture, "table": trace_table}
)
"""What makes the value that a command shows, by the command's name."""
