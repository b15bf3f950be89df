"""Arrays, as they are shown on one line, for LaTeX's math mode.

`[0.5, −1]` is a vector in a line, `[[0.5, −1], [2, 3]]` a matrix, and what is said of a large array
its sizes and its norm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

One = Callable[[str], str]
"""Prints one number."""

_LARGE = re.compile(r"\(?(\d+(?:(?:, | ?× ?)\d+)*),?\)?(?: of |, )norm (.+)")
_CUT = re.compile(r"(\[.*\]) \((.*) numbers\)")


def array_in_tex(text: str, one: One) -> str:
    r"""Return what is shown of an array as LaTeX; nothing if it is none.

    >>> print(array_in_tex("[0.5, −1]", str))
    [0.5,\, −1]
    >>> print(array_in_tex("[[1, 2], [3, 4]]", str))
    \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}
    >>> print(array_in_tex("(3, 784) of norm 48.5", str))
    (3 \times 784,\ \lVert\cdot\rVert = 48.5)
    """
    if text.startswith("[["):
        return _matrix(text, one)
    if text.startswith("[") and text.endswith("]"):
        return f"[{_listed(text, one)}]"
    if cut := _CUT.fullmatch(text):
        return rf"{array_in_tex(cut[1], one)}\ ({_sizes(cut[2])})"
    large = _LARGE.fullmatch(text)
    if large is None:
        return ""
    return rf"({_sizes(large[1])},\ \lVert\cdot\rVert = {one(large[2])})"


def _sizes(text: str) -> str:
    return r" \times ".join(re.findall(r"\d+", text))


def _listed(text: str, one: One) -> str:
    return r",\, ".join(_item(item, one) for item in text[1:-1].split(", "))


def _item(item: str, one: One) -> str:
    return r"\ldots" if item == "…" else one(item)


def _matrix(text: str, one: One) -> str:
    lines = (
        " & ".join(_item(item, one) for item in line.split(", "))
        for line in text[2:-2].split("], [")
    )
    inner = r" \\ ".join(lines)
    return rf"\begin{{bmatrix}} {inner} \end{{bmatrix}}"


def lines_in_text(elements: Iterable[Iterable[str]]) -> str:
    """Return the elements of a matrix as a text, as one types it.

    >>> lines_in_text((("1", "0"), ("0", "1")))
    '[[1, 0], [0, 1]]'
    """
    return f"[{', '.join('[' + ', '.join(line) + ']' for line in elements)}]"
