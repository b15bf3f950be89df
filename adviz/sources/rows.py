"""A user's own rows as plain data, and back, every formula read before it is believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from adviz.errors import AdvizError, GraphError
from adviz.graph.text import identifier
from adviz.language.brief import quoted
from adviz.primitives import RESULT, Primitive, Table, extend

_OURS = ("names", "params", "jvp", "vjp", "shape", "foreign")
_FIELDS = {field.name: field for field in fields(Primitive) if field.name not in _OURS}
"""The fields of a row that a file may set; not what a function is called in a library, and not
those of a structural row, which is never a user's own."""


def document(row: Primitive) -> dict[str, Any]:
    """Return a row as plain data: its fields that differ from their defaults.

    Raises GraphError for one that another program computes.
    """
    if row.foreign is not None:
        raise GraphError(
            f"{row.label} is computed by {row.foreign.program}, and no file holds that; save the "
            "film or the table, or build the graph again where it is needed"
        )
    required = ("name", "args", "partials")
    pairs = [(name, getattr(row, name), field.default) for name, field in _FIELDS.items()]
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value, default in pairs
        if name in required or value != default
    }


def table(items: Sequence[Mapping[str, Any]], more: Iterable[Primitive] = ()) -> Table:
    """Return the table with a file's own rows, each of their formulas read once, and some more.

    Raises GraphError saying which row does not fit and why.
    """
    rows = [_row(item) for item in items]
    extended = extend([*rows, *more])
    for row in rows:
        _check_formulas(row, extended)
    return extended


def _row(item: Mapping[str, Any]) -> Primitive:
    name = item.get("name")
    if not isinstance(name, str) or not identifier(name):
        raise GraphError(f"rows: {quoted(name)} is not a name that a formula can call")
    facts: dict[str, Any] = {}
    for key, value in item.items():
        if key not in _FIELDS:
            raise GraphError(f"rows: {name} has a field {quoted(key)}, which a file cannot set")
        facts[key] = _fact(f"rows: {name}: {key}", _FIELDS[key].type, value)
    missing = [key for key in ("args", "partials") if key not in facts]
    if missing:
        raise GraphError(f"rows: {name} has no {missing[0]!r}")
    if not all(map(identifier, facts["args"])) or RESULT in facts["args"]:
        raise GraphError(f"rows: {name}: its arguments must be names other than {RESULT}")
    if len(facts["args"]) != len(facts["partials"]):
        raise GraphError(f"rows: {name} needs one partial per argument")
    return Primitive(**facts)


def _fact(where: str, annotation: Any, value: Any) -> Any:
    """Return a field's value if it has the field's type."""
    wanted: dict[Any, Any] = {
        "str": str,
        "bool": bool,
        "float": (int, float),
        "tuple[str, ...]": list,
    }
    mistaken = isinstance(value, bool) and annotation != "bool"
    if mistaken or not isinstance(value, wanted.get(annotation, list)):
        raise GraphError(f"{where} cannot be {quoted(value)}")
    if annotation == "tuple[str, ...]":
        return tuple(_fact(where, "str", part) for part in value)
    return value


def _check_formulas(row: Primitive, table: Table) -> None:
    """Read every formula of a row once, so that a mistake is found now."""
    from adviz.numbers import FLOAT64

    numbers = FLOAT64.over(table)
    try:
        for text in filter(None, (*row.partials, row.domain, row.pole, row.kink, row.piece)):
            numbers.rule(row, text)
        numbers.function(row.name)
    except (AdvizError, LookupError) as error:
        raise GraphError(f"rows: {row.name}: {error}") from None
