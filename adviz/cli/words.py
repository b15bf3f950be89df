"""Words as they are typed, without a terminal: what a command makes of them, as a value.

A cell of a notebook and a figure in a document are hosts of this one idea: what they show is what
the same words make on the command line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import signature
from types import MappingProxyType
from typing import Any

import typer

from adviz.cli import app
from adviz.cli.ending import complaint
from adviz.cli.making import MAKERS
from adviz.cli.options import asked_first


def commands() -> Mapping[str, Any]:
    """Return the commands by name.

    >>> {*MAKERS} <= {*commands()}
    True
    """
    group: Any = typer.main.get_command(app)
    return MappingProxyType(group.commands)


def done(name: str, words: Sequence[str]) -> Any:
    """Return what a command makes, or have it do what it does: print, or write a file.

    Raises what the command line would say: an error of Typer's for words that it does not take,
    typer.Exit where all is said, else whatever the work raises.

    >>> done("draw", ["x*y"])
    <Drawing f(x, y) = x · y: 3 nodes>
    """
    command = commands()[name]
    with command.make_context(name, [*words]) as context:
        given = context.params
        if name in MAKERS and not given["output"] and not given.get("as_json"):
            make = asked_first(MAKERS[name])
            return make(**{one: given[one] for one in signature(make).parameters})
        return context.invoke(command.callback, **given)


def said(error: Any) -> str:
    """Return what is wrong: with the words in Typer's own, else as on the command line.

    >>> said(typer.BadParameter("no number"))
    'Invalid value: no number'
    """
    return error.format_message() if hasattr(error, "format_message") else complaint(error)[1]


def shaping(name: str) -> Mapping[str, Any]:
    """Return the options that shape what a command makes, by how they are typed.

    >>> [one for one in shaping("table") if shaping("table")[one].is_flag]
    []
    >>> [*shaping("table")]
    ['at', 'mode', 'direction', 'of', 'wrt', 'digits', 'precision']
    """
    taken = signature(asked_first(MAKERS[name])).parameters
    typed = [one for one in commands()[name].params if one.name in taken and _is_shape(one)]
    return {
        word.removeprefix("--"): one
        for one in typed
        for word in (*one.opts, *one.secondary_opts)
        if word.startswith("--")
    }


def _is_shape(option: Any) -> bool:
    return option.param_type_name == "option" and option.name not in _OF_A_FILE


_OF_A_FILE = ("output", "width", "font_size", "standalone")
"""What is asked of a file that is written, not of what is shown."""
