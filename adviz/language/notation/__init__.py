"""How mathematics is written: one small tree, printed as Unicode, ASCII, LaTeX or MathML."""

from adviz.language.notation.flow import flowing
from adviz.language.notation.markup import mathml
from adviz.language.notation.plain import ascii_text, unicode_text
from adviz.language.notation.tex import latex, latex_escape
from adviz.language.notation.trees import (
    ATOM,
    Slots,
    Tree,
    applied,
    binding,
    held,
    leaf,
    letters,
    name,
    nested,
    number,
    op,
    row,
    tree,
)

__all__ = [
    "ATOM",
    "Slots",
    "Tree",
    "applied",
    "ascii_text",
    "binding",
    "flowing",
    "held",
    "latex",
    "latex_escape",
    "leaf",
    "letters",
    "mathml",
    "name",
    "nested",
    "number",
    "op",
    "row",
    "tree",
    "unicode_text",
]
