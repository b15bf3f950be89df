"""The fuzzers: one row each."""

from __future__ import annotations

from fuzzers import deaths, faults, files, formulas, labels, programs, texts
from fuzzers.fuzzer import Fuzzer

_ROOMS = (texts, formulas, programs, labels, files, faults, deaths)
FUZZERS: dict[str, Fuzzer] = {room.FUZZER.name: room.FUZZER for room in _ROOMS}
