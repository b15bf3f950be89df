"""Numbers that another program computed: they are shown as they are, in its own format."""

from __future__ import annotations

from dataclasses import replace

from adviz.numbers import system
from adviz.numbers.float64 import FLOAT64
from adviz.numbers.tensor import tensors

RECORDED = replace(tensors(FLOAT64), name=system.RECORDED, eager=False, _bound={})
