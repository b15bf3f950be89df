"""The fuzzers: one row each."""

from __future__ import annotations

from fuzzers import faults, formulas, texts
from fuzzers.fuzzer import Fuzzer

FUZZERS: dict[str, Fuzzer] = {each.FUZZER.name: each.FUZZER for each in (texts, formulas, faults)}
