"""How mathematics is written: one small tree, printed as Unicode, ASCII, LaTeX or MathML."""

from adviz.language.notation import arrays, maps
from adviz.language.notation.flow import flowing
from adviz.language.notation.markup import mathml
from adviz.language.notation.plain import ascii_text, is_factor, is_loose, typeset, unicode_text
from adviz.language.notation.tex import latex, latex_escape
from adviz.language.notation.trees import (
    ATOM,
    TRANSPOSED,
    Slots,
    Tree,
    applied,
    base_of_power,
    binding,
    held,
    is_letter,
    leaf,
    letters,
    name,
    nested,
    no_slots,
    number,
    op,
    row,
    scientific,
    standing,
    tree,
)

__all__ = [
    "ATOM",
    "TRANSPOSED",
    "Slots",
    "Tree",
    "applied",
    "arrays",
    "ascii_text",
    "base_of_power",
    "binding",
    "flowing",
    "held",
    "is_factor",
    "is_letter",
    "is_loose",
    "latex",
    "latex_escape",
    "leaf",
    "letters",
    "maps",
    "mathml",
    "name",
    "nested",
    "no_slots",
    "number",
    "op",
    "row",
    "scientific",
    "standing",
    "tree",
    "typeset",
    "unicode_text",
]
