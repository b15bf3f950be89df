"""What a public function is asked with: words, names, truths; any other kind is refused."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from adviz.errors import AdvizError
from adviz.language.spelling import shortened

_ROOM = 40


def shown(value: Any) -> str:
    """Return a value as an error repeats it.

    >>> shown("1"), shown(10**400)
    ("'1'", '1000000000000000000000000000000000000000…')
    """
    try:
        return shortened(repr(value), _ROOM)
    except Exception:  # a whole number of very many digits, or whatever an object's own repr raises
        return f"<{type(value).__name__}>"


def require(
    good: bool, name: str, value: Any, wanted: str, error: type[AdvizError] = AdvizError
) -> None:
    """Raise an error that says what a parameter is, unless all is good.

    >>> require(False, "order", 3, "1 or 2")
    Traceback (most recent call last):
    adviz.errors.AdvizError: order = 3; it is 1 or 2
    """
    if not good:
        raise error(f"{name} = {shown(value)}; it is {wanted}")


def among(value: Any, known: Container[str]) -> bool:
    """Return whether a value is one of some words.

    >>> among("svg", ["svg", "pdf"]), among(["svg"], {"svg": 1})
    (True, False)
    """
    return isinstance(value, str) and value in known


def several(value: Any) -> bool:
    """Return whether a value can be gone through, and is no text.

    >>> several([1]), several("ab"), several(1)
    (True, False, False)
    """
    iterable = isinstance(value, Iterable) and getattr(value, "shape", None) != ()
    return iterable and not isinstance(value, str | bytes)


def truth(name: str, value: Any) -> bool:
    """Return True or False, NumPy's as Python's; raise AdvizError for anything else."""
    given = value.item() if getattr(value, "shape", None) == () else value
    require(isinstance(given, bool), name, value, "True or False")
    return bool(given)


def text(name: str, value: Any) -> str:
    """Return a text; raise AdvizError for anything else."""
    require(isinstance(value, str), name, value, "a text")
    return str(value)


def names(name: str, value: str | Iterable[str]) -> list[str]:
    """Return one name, or several, in a list; raise AdvizError for anything else.

    >>> names("wrt", "x"), names("wrt", ("x", "y"))
    (['x'], ['x', 'y'])
    """
    given = [value] if isinstance(value, str) else _listed(value)
    good = given is not None and all(isinstance(one, str) for one in given)
    require(good, name, value, "a name, or several in a list")
    return given or []


def mapping(name: str, value: Any, example: str) -> Mapping[str, Any]:
    """Return a mapping by names; raise AdvizError for anything else."""
    good = isinstance(value, Mapping) and all(isinstance(one, str) for one in value)
    require(good, name, value, f"a mapping such as {example}")
    return value  # type: ignore[no-any-return]  # which has been asked


def all_of(kind: type, name: str, values: Any, wanted: str) -> list[Any]:
    """Return what some values are, all of one kind, in a list; raise AdvizError for others."""
    given = _listed(values)
    good = given is not None and all(isinstance(one, kind) for one in given)
    require(good, name, values, wanted)
    return given or []


def _listed(values: Any) -> list[Any] | None:
    """Return what can be gone through as a list; None for anything else."""
    return list(values) if several(values) else None
