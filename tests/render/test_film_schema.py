"""The film as JSON: its published schema, which every film obeys, and the page that explains it.

Run by itself it writes the tables of `docs/slides.md` anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hall import HALL
from networks import drawn, graph_of
from test_slides import TELLING

import adviz
from adviz.errors import FormatError
from adviz.language.notation import tex, unicode_text
from adviz.language.numerals import full
from adviz.render.film.captions import cues
from adviz.render.json import animation
from adviz.scene.scene import Scene, played, states

DOCS = Path(__file__).parent.parent.parent / "docs"
SCHEMA = json.loads((DOCS / "film.schema.json").read_text("utf-8"))
PAGE = DOCS / "slides.md"
LAST = "each. Everything counts from 0.\n"
PRODUCT = "(x + y)*(x - y)"
AT = {"x": 3, "y": 2}


def _animated(make: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: adviz.animate(make())


KINDS: Mapping[str, Callable[[], Any]] = {
    **{name: _animated(make) for name, make in {**HALL, **TELLING}.items()},
    "evaluation": lambda: adviz.animate(adviz.evaluate(PRODUCT, at=AT)),
    "symbolic": lambda: adviz.animate(adviz.reverse(PRODUCT, at=AT), symbolic=True),
    "two sweeps": lambda: adviz.animate(
        adviz.forward(PRODUCT, at=AT, direction="x"), adviz.reverse(PRODUCT, at=AT)
    ),
    "unchecked": lambda: adviz.animate(adviz.reverse(PRODUCT, at=AT), check=False),
    "50 digits": lambda: adviz.animate(adviz.reverse("x/y", at=AT, digits=50), precision=17),
    "in parts": lambda: adviz.animate(adviz.reverse(HALL["random"]().graph, at=_four()), boxes=12),
    "arrays": lambda: adviz.animate(of_arrays()),
    "infinite": lambda: adviz.animate(adviz.reverse("sqrt(x)", at={"x": 0})),
}


def of_arrays() -> adviz.Trace:
    graph = graph_of("perceptron")
    return adviz.reverse(graph, drawn(graph, 1))


def _four() -> dict[str, float]:
    return dict(HALL["random"]().point)


@cache
def scene(name: str) -> Scene:
    made: Scene = KINDS[name]().scene
    return made


@cache
def document(name: str) -> Any:
    return json.loads(animation(scene(name)))


@cache
def schema() -> Any:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(SCHEMA)
    return Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("name", KINDS)
def test_every_film_obeys_the_schema(name: str) -> None:
    schema().validate(document(name))


def test_its_trees_are_of_the_kinds_that_are_printed() -> None:
    kinds = SCHEMA["$defs"]["tree"]["prefixItems"][0]["enum"]
    assert sorted(kinds) == sorted(tex._PRINTERS)


def _unknown_kind(film: Any) -> None:
    film["frames"][1]["formula"] = ["integral", ["name", "x"]]


def _unplaced(film: Any) -> None:
    film["shots"][0]["seconds"] = 0


def _without(key: str, part: str = "") -> Callable[[Any], Any]:
    return lambda film: (film[f"{part}s"][0] if part else film).pop(key)


WRONG: Mapping[str, Callable[[Any], Any]] = {
    **{f"without {key}": _without(key) for key in SCHEMA["required"]},
    **{
        f"a {part} without {key}": _without(key, part)
        for part, described in SCHEMA["$defs"].items()
        for key in described.get("properties", ())
    },
    "something else": lambda film: film.update(colour="red"),
    "a tree of another kind": _unknown_kind,
    "a shot that takes no time": _unplaced,
    "a number that is no text": lambda film: film["numbers"].update({"0/value/0": [3, 3.0]}),
    "another version": lambda film: film.update(version=2),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_no_film_does_not_obey_it(fault: str) -> None:
    film = deepcopy(document("running example"))
    assert schema().is_valid(film)
    WRONG[fault](film)
    assert not schema().is_valid(film)


@pytest.mark.parametrize("name", ["running example", "branch", "50 digits"])
def test_its_numbers_are_those_of_the_trace(name: str) -> None:
    (trace,) = scene(name).traces
    last = list(states(scene(name)))[-1].rows
    numbers = document(name)["numbers"]
    for node in scene(name).nodes:
        found = {kind: numbers[key][1] for kind in node.rows if (key := last.get((node.id, kind)))}
        computed = {"value": trace.values, "adjoint": trace.derivatives["adjoint"]}
        assert found == {kind: full(computed[kind][node.id]) for kind in found}


@pytest.mark.parametrize("name", ["running example", "elimination", "schedule"])
def test_shots_follow_one_another_and_say_what_subtitles_say(name: str) -> None:
    shots, told = document(name)["shots"], cues(scene(name))
    ends = [shot["start"] + shot["seconds"] for shot in shots]
    assert [shot["start"] for shot in shots] == pytest.approx([0, *ends[:-1]])
    arrived = [shot for shot in shots if not shot["travels"]]
    assert [shot["frame"] for shot in arrived] == [*range(len(told) - 1), None]
    assert [(one["narration"], one["formula"]) for one in arrived] == [one[2:] for one in told]
    assert ends[-1] == pytest.approx(told[-1].end)


def test_a_part_of_a_film_takes_the_seconds_it_is_given() -> None:
    part = json.loads(animation(played(scene("running example"), 2, 4), seconds=2.8))
    assert [shot["seconds"] for shot in part["shots"]] == [2.8, 2.8, 2.8, 6.0]
    assert [shot["frame"] for shot in part["shots"]] == [2, 3, 4, None]
    assert part["first"] == 2
    with pytest.raises(FormatError, match=r"seconds = -1; it is a number of seconds, above 0"):
        animation(scene("running example"), seconds=-1)


def test_trees_read_back_say_what_the_film_says() -> None:
    film = document("running example")
    said = [
        unicode_text(_as_tree(frame["formula"]), lambda key: film["numbers"][key][0])
        for frame in film["frames"]
    ]
    shown = {shot["frame"]: shot["formula"] for shot in film["shots"]}
    assert said[:-1] == [shown[k] for k in range(len(said) - 1)]


def _as_tree(part: Any) -> Any:
    return tuple(map(_as_tree, part)) if isinstance(part, list) else part


def tables() -> str:
    """Return what the schema says of every key, a table an object."""
    return "\n".join(_tables())


def _tables() -> Iterator[str]:
    yield from _table("the film", SCHEMA["properties"])
    for name, described in SCHEMA["$defs"].items():
        if "properties" in described:
            yield from _table(f"a {name} of `{name}s`", described["properties"])
    yield from ("| a tree | is |", "|---|---|")
    for one in SCHEMA["$defs"]["tree"]["allOf"]:
        kinds = ", ".join(f"`{kind}`" for kind in one["if"]["prefixItems"][0]["enum"])
        yield f"| {kinds} | {one['description']} |"


def _table(name: str, keys: dict[str, Any]) -> Iterator[str]:
    yield from (f"| {name} | says |", "|---|---|")
    yield from (f"| `{key}` | {value['description']} |" for key, value in keys.items())
    yield ""


def test_the_page_explains_every_key() -> None:
    assert PAGE.read_text("utf-8").partition(LAST)[2] == f"\n{tables()}\n"


if __name__ == "__main__":
    head, last, _ = PAGE.read_text("utf-8").partition(LAST)
    PAGE.write_text(f"{head}{last}\n{tables()}\n", "utf-8")


def test_the_page_of_the_running_example_is_small() -> None:
    page = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})).html()
    assert len(page.encode()) < 150_000
