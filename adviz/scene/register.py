"""The numbers of a film: each as it is shown and with all its digits, of arrays the elements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from adviz.language.numerals import full
from adviz.primitives.row import Shape
from adviz.scene.grids import Elements, elements, is_small, shown, whole


@dataclass
class Register:
    """Numbers under their keys.

    >>> register = Register(6)
    >>> register.keep("0/value/1", -0.5)
    >>> register.numbers, register.exact
    ({'0/value/1': ('−0.5', '-0.5')}, {'0/value/1': -0.5})
    """

    precision: int
    """The significant digits of what is shown."""
    of_arrays: bool = False
    """Whether an array is one value, and not a number at many points."""
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    """As they are shown on one line, and with all their digits."""
    exact: dict[str, Any] = field(default_factory=dict)
    """The numbers themselves."""
    grids: dict[str, Elements] = field(default_factory=dict)
    """The elements of small arrays, as nodes show them."""
    tables: dict[str, Elements] = field(default_factory=dict)
    """The elements of arrays, as a table of its own shows them."""

    def keep(self, key: str, value: Any) -> None:
        """Keep a number under a key."""
        text = shown(value, self.precision, of_arrays=self.of_arrays)
        self.numbers[key], self.exact[key] = (text, full(value)), value
        shape: Shape = getattr(value, "shape", ())
        if self.of_arrays and shape:
            self.tables[key] = whole(value, self.precision)
            if is_small(shape):
                self.grids[key] = elements(value, self.precision)
