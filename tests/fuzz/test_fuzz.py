"""What fuzzers throw at adviz breaks nothing: a bounded run of each, always the same cases.

`python tests/fuzz/long.py NAME` is the long run.
"""

from __future__ import annotations

import pytest
from fuzzers import FUZZERS, files
from fuzzers.fuzzer import Fuzzer, hunt
from hypothesis import strategies as st

from adviz.graph.graph import Graph


@pytest.mark.parametrize("fuzzer", FUZZERS.values(), ids=lambda fuzzer: fuzzer.name)
def test_a_bounded_run_finds_nothing(fuzzer: Fuzzer) -> None:
    tally = hunt(fuzzer, fuzzer.examples)
    assert not tally.found, "\n\n".join(tally.found)
    assert tally.cases >= fuzzer.examples // 2


@pytest.mark.parametrize("form", files.FORMS.values(), ids=files.FORMS)
@pytest.mark.parametrize("graph", files.GRAPHS, ids=range(len(files.GRAPHS)))
def test_what_is_whole_is_read_and_holds(graph: Graph, form: files.Form) -> None:
    again = form.read(form.given(graph))
    assert again == graph
    files.held(again)


def small(number: int) -> str:
    if number >= 1000:
        raise ValueError(f"{number} is large")
    return "small"


def endless(number: int) -> str:
    while number:
        pass
    return "none"


def test_a_broken_law_is_found_by_its_smallest_case() -> None:
    tally = hunt(Fuzzer("small", "", st.integers(0, 10**6), small, 100), 100, seed=3)
    (found,) = tally.found
    assert found.startswith("ValueError: 1000 is large\nat ") and found.endswith("case: 1000")
    assert tally.kinds["small"] > 0


def test_a_case_without_end_is_found() -> None:
    tally = hunt(Fuzzer("endless", "", st.sampled_from([0, 1]), endless, 9, seconds=0.2), 9)
    (found,) = tally.found
    assert found.startswith("TooSlow: more than 0.2 s of processor time\nat ")


def test_without_a_seed_the_cases_are_the_same() -> None:
    fuzzer = Fuzzer("parity", "", st.integers(), lambda n: "odd" if n % 2 else "even", 60)
    first, second, other = hunt(fuzzer, 60), hunt(fuzzer, 60), hunt(fuzzer, 60, seed=7)
    assert first == second != other
