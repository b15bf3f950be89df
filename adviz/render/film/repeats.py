"""A picture that is seen for long, as frames that say "as before" in the words of their codec.

An encoder takes as long for a picture that stands still as for one that moves, and most of a film
stands still. So it is given every picture once, and what it makes is lengthened here: in VP9 by a
frame of one byte that shows a stored picture again (VP9 bitstream specification, 6.2,
`show_existing_frame`), in H.264 by slices in which every macroblock is skipped, which is a copy of
the frame before (ITU-T H.264, 7.3.4, `mb_skip_run`). There every frame has a number, so those that
follow are counted on.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from adviz.render.film.planes import RATE

_START = b"\0\0\1"
_MEANT = re.compile(rb"\0\0(?=[\0-\3])")
_SLICE, _KEY, _SEQUENCE = 1, 5, 7
"""The types of what a stream of H.264 is made of; a key frame is a slice, too."""
_SKIPPED = b"\x41"
"""A slice that others refer to."""
_ALL_P, _TO_NUMBER = "00110", "1{}1"
"""All slices of a frame take pictures from others; what is said before a frame's number."""
_NO_CHANGE, _UNFILTERED = "0001", "010"
"""References, their order, how they are kept and the fineness are the usual ones; edges stay."""
_IVF, _FRAME, _AGAIN = 32, struct.Struct("<IQ"), b"\x88"
"""The length of the head of an IVF file, that of a frame, and what shows the last one again."""


class Sequenced(NamedTuple):
    """What the parameters of a sequence say of all its frames."""

    bits: int
    """How many bits the number of a frame has."""
    blocks: int
    """How many macroblocks a frame has."""


def lengthened_vp9(stream: bytes, counts: Sequence[int]) -> Iterator[bytes]:
    """Yield an IVF file of VP9 of which each frame is seen so many times.

    Its encoder keeps the last picture in the first place.
    """
    head = stream[:_IVF]
    yield head[:16] + struct.pack("<II", RATE, 1) + head[24:]
    at, now = _IVF, 0
    for count in counts:
        size, _ = _FRAME.unpack_from(stream, at)
        at += _FRAME.size
        for content in (stream[at : at + size], *[_AGAIN] * (count - 1)):
            yield _FRAME.pack(len(content), now)
            yield content
            now += 1
        at += size


def lengthened_h264(stream: bytes, counts: Sequence[int]) -> Iterator[bytes]:
    """Yield a stream of H.264 of which each frame is seen so many times.

    It is one of the baseline profile with a slice a frame, each of which the next one refers to.
    """
    left, added, sequence = iter(counts), 0, Sequenced(0, 0)
    for unit in stream.split(_START)[1:]:
        unit, kind = unit.rstrip(b"\0"), unit[0] & 31
        if kind not in (_SLICE, _KEY):
            sequence = _sequenced(unit) if kind == _SEQUENCE else sequence
            yield _START + unit
            continue
        added = 0 if kind == _KEY else added
        unit, number = _renumbered(unit, added, sequence.bits)
        yield _START + unit
        more = next(left) - 1
        for again in range(1, more + 1):
            yield _START + _escaped(_SKIPPED + _skipping(number + again, sequence))
        added += more


def _skipping(number: int, sequence: Sequenced) -> bytes:
    """Return the content of a slice that is like the frame before; numbers begin anew at the end.

    >>> _skipping(1, Sequenced(4, 4)).hex()
    '9a228b'
    """
    bits, blocks = sequence
    said = _TO_NUMBER.format(_ALL_P) + _binary(number % (1 << bits), bits)
    return _packed(said + _NO_CHANGE + _UNFILTERED + _golomb(blocks) + "1")


def _renumbered(unit: bytes, by: int, bits: int) -> tuple[bytes, int]:
    """Return a slice with its frame's number counted on, and that number."""
    plain = unit.replace(b"\0\0\3", b"\0\0")
    head, at = _unpacked(plain[1:17]), 0
    for _ in range(3):  # which block is the first, what kind of slice it is, and its parameters
        _, at = _read(head, at)
    number = (int(head[at : at + bits], 2) + by) % (1 << bits)
    changed = head[:at] + _binary(number, bits) + head[at + bits :]
    return _escaped(plain[:1] + _packed(changed) + plain[17:]), number


def _sequenced(unit: bytes) -> Sequenced:
    """Return what the parameters of a sequence say (ITU-T H.264, 7.3.2.1.1)."""
    bits = _unpacked(unit.replace(b"\0\0\3", b"\0\0")[4:24])
    _, at = _read(bits, 0)
    number, at = _read(bits, at)
    for _ in range(2):  # how the order of pictures is counted, and how many are kept
        _, at = _read(bits, at)
    across, at = _read(bits, at + 1)
    down, _ = _read(bits, at)
    return Sequenced(number + 4, (across + 1) * (down + 1))


def _escaped(unit: bytes) -> bytes:
    """Return a unit in which nothing looks like the start of another one."""
    return _MEANT.sub(b"\0\0\3", unit)


def _unpacked(content: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in content)


def _packed(bits: str) -> bytes:
    """Return bits as bytes, the last one filled with zeros."""
    whole = ceil(len(bits) / 8)
    return int(bits.ljust(8 * whole, "0"), 2).to_bytes(whole, "big")


def _binary(number: int, bits: int) -> str:
    return f"{number:0{bits}b}"


def _golomb(number: int) -> str:
    """Return a number in Exp-Golomb code (ITU-T H.264, 9.1).

    >>> _golomb(0), _golomb(5)
    ('1', '00110')
    """
    bits = f"{number + 1:b}"
    return "0" * (len(bits) - 1) + bits


def _read(bits: str, at: int) -> tuple[int, int]:
    """Return the number in Exp-Golomb code at a place, and where it ends."""
    start = bits.index("1", at)
    end = 2 * start - at + 1
    return int(bits[start:end], 2) - 1, end
