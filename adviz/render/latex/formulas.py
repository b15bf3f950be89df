"""Formulas of a film as LaTeX, with their numbers: results in colours, small arrays as matrices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from adviz.language.notation import Slots, Tree, latex, op, row, unicode_text
from adviz.language.notation.tex_arrays import lines_in_text
from adviz.scene.quantities import LOOKS
from adviz.scene.scene import Scene

_COLOURED = frozenset(role for role, look in LOOKS.items() if look.text != "ink")
"""The roles of numbers that have a colour of their own."""


def listed(scene: Scene, formulas: Sequence[Tree]) -> str:
    """Return formulas for text mode, a line of which can end after each comma between them."""
    parts = [part for one in formulas for part in _between_commas(one)]
    shown = filter(None, (formula_of(scene, part) for part in parts))
    return ", ".join(f"$\\displaystyle {one}$" for one in shown)


def _between_commas(formula: Tree) -> Iterator[Tree]:
    """Yield the parts of a list."""
    parts = formula[1:] if formula[0] == "row" else (formula,)
    for comma, group in groupby(parts, lambda part: part == op(",")):
        if not comma:
            yield row(*group)


def formula_of(scene: Scene, part: Tree) -> str:
    """Return a formula for math mode, its results in their colours."""
    return _coloured(part, _slots(scene, part))


def _coloured(part: Tree, slots: Slots) -> str:
    if part[0] == "row":
        return " ".join(_coloured(one, slots) for one in part[1:])
    text = latex(part, slots).strip().replace(r"\left(", r"\mathopen{}\left(")
    if part[0] == "mark" and part[1] in _COLOURED:
        return f"{{\\color{{adviz-{LOOKS[part[1]].text}}}{text}}}"
    return text


def _slots(scene: Scene, part: Tree) -> Slots:
    """Return what stands in slots: where one of them is a small matrix, vectors stand upright."""
    keys = [key for key in _keys(part) if key in scene.grids]
    if all(scene.text(key).startswith("[") for key in keys):
        return scene.text
    upright = {key: lines_in_text(scene.grids[key]) for key in keys}
    return lambda key: upright.get(key) or scene.text(key)


def _keys(part: Tree) -> list[str]:
    """Return the keys of a formula's slots."""
    keys: list[str] = []

    def seen(key: str) -> str:
        keys.append(key)
        return ""

    unicode_text(part, seen)
    return keys
