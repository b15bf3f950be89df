"""Small arrays as texts with all their elements, for media that set them as matrices."""

from __future__ import annotations

from typing import Any

from adviz.language.notation.tex_arrays import lines_in_text
from adviz.scene.grids import elements, is_small, shown


def written_out(number: Any, digits: int, *, of_arrays: bool) -> str:
    """Return a number on one line; of a small array all elements, as one types them.

    >>> import numpy as np
    >>> written_out(np.eye(2), 6, of_arrays=True), written_out(np.ones(4), 6, of_arrays=True)
    ('[[1, 0], [0, 1]]', '[1, 1, 1, 1]')
    """
    shape = getattr(number, "shape", ())
    if not (of_arrays and shape and is_small(shape)):
        return shown(number, digits, of_arrays=of_arrays)
    lines = elements(number, digits)
    return lines_in_text(lines) if len(shape) > 1 else lines_in_text([sum(lines, ())])[1:-1]
