"""A graph's operations and arguments as flat arrays, for pickles and files."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import islice

Packed = tuple[tuple[str, ...], "array[int]", "array[int]", "array[int]"]
"""A graph's operations and arguments without an object per node: the distinct operations, per node
the place of its own among them and how many arguments it has, and all arguments in a row."""


def pack(ops: Iterable[str], args: Iterable[tuple[int, ...]]) -> Packed:
    """Return operations and arguments as four flat arrays."""
    known: dict[str, int] = {}
    codes = array("i", [known.setdefault(op, len(known)) for op in ops])
    tails = array("q", [tail for arguments in args for tail in arguments])
    return tuple(known), codes, array("i", map(len, args)), tails


def unpack(packed: Packed) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """Return the operations and arguments that `pack` took."""
    known, codes, counts, tails = packed
    rest = iter(tails)
    ops = tuple([known[code] for code in codes])
    return ops, tuple([tuple(islice(rest, count)) for count in counts])
