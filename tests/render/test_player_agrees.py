"""What stands in Python and in the player's script alike: one table of cases, run through both.

The page prints the same trees, folds the same frames and moves the same tokens as the printers and
painters of files do; each law below takes its cases from data, so that neither can drift.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import chain, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from films import MIDDLING, POINT, PRODUCT, in_node
from networks import MODELS, graph_of

import adviz
from adviz.language.notation import (
    ATOM,
    letters,
    markup,
    mathml,
    name,
    nested,
    plain,
    tex,
    unicode_text,
)
from adviz.language.notation.trees import LETTERS
from adviz.primitives import TABLE
from adviz.render.html import _data
from adviz.render.paint import paint
from adviz.render.shapes import Group, Picture, Shape, Text
from adviz.render.shapes import Path as Line
from adviz.render.subjects import Filmed
from adviz.render.timeline import FLIGHT, STEP
from adviz.render.tokens import eased, gone, tip
from adviz.render.web import document
from adviz.scene import typesetting
from adviz.scene.geometry import Position
from adviz.scene.lettering import signed
from adviz.scene.scene import Scene, State, active, between, finished, states
from adviz.scene.staging import stage

TREES: list[Any] = [
    ["lines", ["row", ["op", "="], ["name", "x"]], ["row", ["text", ""], ["op", "+"]]],
    ["row", ["bar", ["name", "v1"]], ["op", "+="], ["slot", "few"], ["op", "·"], ["slot", "many"]],
    ["row", ["dot", ["name", "theta_1"]], ["op", ","], ["text", "if "], ["number", "-2.5e-3"]],
    ["row", ["number", "2"], ["op", "·"], ["node", 3, ["frac", ["name", "a"], ["number", "2"]]]],
    ["partial", ["name", "f"], ["power", ["name", "alpha"], ["group", ["number", "2"]]]],
    ["call", "max", ["power", ["name", "x"], ["number", "-12"]], ["root", ["name", "y_max"]]],
    ["mark", "adjoint", ["neg", ["group", ["root", ["abs", ["name", "loss_total"]]]]]],
    ["frac", ["row", ["name", "a"], ["op", "−"], ["name", "b"]], ["neg", ["name", "c"]]],
    ["row", ["held", "few"], ["op", "·"], ["held", "many"], ["op", "+"], ["held", "none yet"]],
    ["power", ["name", "c"], ["neg", ["name", "d"]]],
    ["abs", ["group", ["frac", ["name", "a<b&c"], ["slot", "none yet"]]]],
    ["bar", ["row", ["op", "not"], ["name", "漢字_2"]]],
    ["row", ["power", ["name", "W1"], ["text", "T"]], ["op", "@"], ["bar", ["name", "v1"]]],
    ["power", ["group", ["entry", ["name", "x_1"], "[0, 1:]"]], ["number", "2"]],
    ["power", ["slot", "small"], ["number", "2"]],
    ["power", ["number", "2.5e+30"], ["name", "x"]],
    ["frac", ["slot", "small"], ["number", "3e-09"]],
    ["row", ["name", "learning_rate_alpha"], ["op", "="], ["slot", "small"]],
    ["frac", ["neg", ["name", "p_1"]], ["row", ["number", "2"], ["root", ["name", "m"]]]],
    ["frac", ["row", ["number", "2"], ["op", "×"], ["name", "b"]], ["slot", "many"]],
    ["frac", ["neg", ["frac", ["name", "a"], ["name", "b"]]], ["slot", "many"]],
    ["frac", ["row", ["name", "a"], ["text", " if "], ["name", "b"]], ["number", "2"]],
    ["power", ["node", 2, ["root", ["slot", "few"]]], ["name", "n"]],
    ["power", ["name", "W1"], ["row", ["text", "∘"], ["number", "2"]]],
    ["power", ["bar", ["name", "v_max"]], ["number", "-2"]],
    ["row", ["root", ["slot", "many"]], ["op", "·"], ["bar", ["name", "W1"]]],
    ["row"],
    ["text", ""],
]  # fmt: skip
NUMBERS = {"few": ("3", "3.0"), "many": ("−0.3333", "-0.3333333333333333"),
           "small": ("−1.5 × 10⁻⁷", "-1.5e-07")}  # fmt: skip
NAMES = [
    *LETTERS, "x", "x12", "x_1", "x_y", "loss", "loss_total_2", "thetas", "Theta_max", "_", "_x",
    "x_", "2x", "x2y", "α1", "é_1", "漢字2", "x٣", "x_٣", "µ", "ℓ_1", "x²", "Ⅳ_Ⅳ", "a b", "x\n1",
    "toString", "🙂1", "W0_1", "W_0_1", "sigma_max", "sigma_noise", "x_1a", "alpha_1_2",
    "learning_rate_alpha", "v123", "loss2", "x_٣a",
]  # fmt: skip
BRANCH = "where(x > 0, sqrt(x)*y, log(y)) + abs(z)"
FILMS: dict[str, Callable[[], Any]] = {
    "values": lambda: adviz.evaluate(PRODUCT, at=POINT),
    "forward": lambda: adviz.forward(PRODUCT, at=POINT, direction="x"),
    "reverse": lambda: adviz.reverse(PRODUCT, at=POINT),
    "square": lambda: adviz.reverse("x*x", at={"x": -3}),
    "shared slots": lambda: adviz.reverse("sin(x) + x*x + exp(x)*x - x", at={"x": 0.5}),
    "branch": lambda: adviz.reverse(BRANCH, at={"x": -1, "y": 2, "z": 0}),
    "pole": lambda: adviz.reverse("sqrt(x) + y", at={"x": 0, "y": 1}),
    "digits": lambda: adviz.reverse(PRODUCT, at=POINT, digits=30),
    "constant": lambda: adviz.reverse("pi*2 + 1", at={}),
    "both sweeps": lambda: both(adviz.build(MIDDLING)),
    "each output": lambda: each_output(adviz.build({"p": "x*y + sin(x)", "q": "x - x*y**2"})),
}


def both(graph: adviz.Graph) -> list[adviz.Trace]:
    return [adviz.forward(graph, POINT, "x"), adviz.reverse(graph, POINT)]


def each_output(graph: adviz.Graph) -> list[adviz.Trace]:
    return [adviz.reverse(graph, POINT, {label: 1}) for label in graph.outputs]


FILMED: dict[str, Callable[[], Filmed]] = {
    "elimination": lambda: adviz.eliminate(PRODUCT, POINT, "reverse"),
    "schedule": lambda: adviz.checkpoint(7, snapshots=2),
    "elimination of outputs": lambda: adviz.eliminate(
        {"p": "cos(x*sin(x*y))", "q": "x*sin(x*y)/y"}, {"x": 1, "y": -2}, "markowitz"
    ),
    "exact elimination": lambda: adviz.eliminate("x*y/(x - y)", {"x": Fraction(1, 3), "y": 2}),
}

SCENES: dict[str, Scene] = {
    **{title: stage(made()) for title, made in FILMS.items()},
    **{title: adviz.animate(made()).scene for title, made in FILMED.items()},
}


def trees_of(scene: Scene) -> Iterator[Any]:
    """Yield every tree of a film."""
    yield from filter(None, (scene.title, scene.point, *scene.statements, *scene.chips.values()))
    for node in scene.nodes:
        yield from filter(None, (node.symbol, node.operation))
    for frame in scene.frames:
        yield from (*frame.narration, frame.formula)


def table_trees() -> Iterator[Any]:
    """Yield every operation of the table, applied to names and to sums."""
    loose = nested(TABLE["add"], [(name("a"), ATOM), (name("b"), ATOM)])
    for row in TABLE.values():
        for operand in ((name("x_1"), ATOM), loose):
            yield nested(row, [operand] * row.arity)[0]


CASES: dict[str, tuple[list[Any], Mapping[str, tuple[str, str]]]] = {
    "by hand": (TREES, NUMBERS),
    "of the table": ([*table_trees()], {}),
    **{title: ([*trees_of(scene)], scene.numbers) for title, scene in SCENES.items()},
    "of arrays": ([*chain(*(trees_of(stage(graph_of(model))) for model in MODELS))], {}),
}
"""Trees, and the numbers in their slots."""

DRIVER = """
import { readFileSync } from "node:fs";

class Element {
  constructor(tag) { Object.assign(this, { tag, attributes: {}, children: [] }); }
  setAttribute(name, value) { this.attributes[name] = String(value); }
  append(...children) { this.children.push(...children); }
  toJSON() { return [this.tag, this.attributes, ...this.children]; }
}
globalThis.document = { createElementNS: (_, tag) => new Element(tag) };

const { names, cases, pages, times, shifts } = JSON.parse(readFileSync("cases.json", "utf8"));
const films = pages.map(player.writtenOut);
const { stateAt, departingState, restingState, textOf } = player;
const said = (film) => ([thing, key]) => [thing, textOf(film, thing, key)];
const look = (film, { texts, flags }) => ({
  texts: Object.fromEntries([...texts].map(said(film))),
  flags: Object.fromEntries([...flags].map(([thing, words]) => [thing, words.trim().split(/ +/)])),
});
const seen = (film) => {
  const all = film.frames.map((_, step) => stateAt(film, step));
  const leaving = all.map((state, step) => step && departingState(all[step - 1], state));
  return {
    states: all.map((state) => look(film, state)),
    leaving: leaving.map((state) => state && look(film, state)),
    resting: look(film, restingState(film)),
    tokens: film.frames.map(({ token }) => textOf(film, "slot/", token)),
  };
};
const write = ([trees, numbers]) => ({
  plain: trees.map((tree) => player.plain(tree, { numbers })),
  printed: trees.map((tree) => player.printed(tree, { numbers })),
});
console.log(JSON.stringify({
  kinds: [player.PLAIN, player.PRINTED].map(Object.keys),
  names: names.map(player.letters),
  cases: cases.map(write),
  written: films,
  films: films.map(seen),
  seconds: [player.STEP_MS / 1000, player.FLIGHT_MS / 1000],
  eased: times.map(player.eased),
  tips: shifts.map((shift) => player.tip(shift, 40)),
  gone: times.map((time) => [20, 200].map((length) => player.gone(time, length, 40))),
}));
"""
TIMES = [k / 16 for k in range(17)]
SHIFTS = [(0, 0), (0, -28), (0, 12), (60, 0), (-44, 0), (32, -32), (-8, -8)]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the player's script makes of all the cases."""
    folder: Path = tmp_path_factory.mktemp("node")
    given = {
        "names": NAMES, "times": TIMES, "shifts": SHIFTS, "cases": [*CASES.values()],
        "pages": [json.loads(_data(scene.to_json())) for scene in SCENES.values()],
    }  # fmt: skip
    (folder / "cases.json").write_text(json.dumps(given), encoding="utf-8")
    found: dict[str, Any] = in_node(folder, DRIVER, "export { PLAIN, PRINTED, printed };")
    for kind, titles in (("cases", CASES), ("films", SCENES), ("written", SCENES)):
        found[kind] = dict(zip(titles, found[kind], strict=True))
    return found


# --- Data --------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", SCENES)
def test_what_a_page_says_by_templates_is_the_film(page: Any, title: str) -> None:
    assert page["written"][title] == json.loads(json.dumps(SCENES[title].to_json()))


def test_a_page_grows_by_little_with_every_node() -> None:
    few, many = (film_of_sines(count) for count in (30, 90))
    more = len(document(stage(many))) - len(document(stage(few)))
    assert more < 2800 * (len(many.graph) - len(few.graph))


def film_of_sines(count: int) -> adviz.Trace:
    """Return a sweep of sin(x0)*y + sin(x1)*y + …."""
    graph = adviz.build(" + ".join(f"sin(x{k})*y" for k in range(count)))
    return adviz.reverse(graph, {name: 0.37 + k / 7 for k, name in enumerate(graph.inputs)})


# --- Trees -------------------------------------------------------------------------------------


def kinds(part: Any) -> set[str]:
    """Return the kinds of tree there are in a tree."""
    inner = [kinds(piece) for piece in part[1:] if isinstance(piece, (list, tuple))]
    return {part[0]}.union(*inner)


def test_every_kind_of_tree_is_printed_by_all_and_tested(page: Any) -> None:
    known = set(plain._UNICODE)
    printers = plain._TYPED, markup._PRINTERS, tex._PRINTERS, typesetting._SETTERS
    assert [set(one) for one in printers] == [known] * len(printers)
    assert [set(printers) for printers in page["kinds"]] == [known, known]
    assert set().union(*map(kinds, TREES)) == known


@pytest.mark.parametrize("index", range(len(NAMES)), ids=map(ascii, NAMES))
def test_a_name_has_the_same_letters(page: Any, index: int) -> None:
    assert tuple(page["names"][index]) == letters(NAMES[index])


@pytest.mark.parametrize("title", CASES)
def test_trees_read_the_same(page: Any, title: str) -> None:
    trees, numbers = CASES[title]
    written = [unicode_text(frozen(tree), lambda key: shown(numbers, key)) for tree in trees]
    assert page["cases"][title]["plain"] == written


@pytest.mark.parametrize("title", CASES)
def test_trees_look_the_same(page: Any, title: str) -> None:
    trees, numbers = CASES[title]
    for tree, printed in zip(trees, page["cases"][title]["printed"], strict=True):
        (written,) = parsed(mathml(frozen(tree), lambda key: shown(numbers, key)))[2:]
        assert unadorned(printed) == written


def shown(numbers: Mapping[str, tuple[str, str]], key: str) -> str:
    return numbers[key][0] if key in numbers else "–"


def frozen(tree: Any) -> Any:
    return tuple(map(frozen, tree)) if isinstance(tree, list) else tree


def parsed(text: str) -> Any:
    """Return markup as `[tag, attributes, *children]`, as the script's elements are."""
    return element_of(ElementTree.fromstring(text))  # noqa: S314 - written by our own printer


def element_of(element: ElementTree.Element) -> Any:
    inner = chain.from_iterable((element_of(child), child.tail) for child in element)
    return [element.tag, element.attrib, *filter(None, (element.text, *inner))]


def unadorned(element: Any) -> Any:
    """Return an element of the script without what only a page in motion has.

    Numbers have all their digits on hover, classes a prefix, functions a class, commas a space of
    their own, and words a space that does not collapse.
    """
    if isinstance(element, str):
        return element.replace("\u00a0", " ")
    tag, attributes, *children = element
    if children == [","]:
        attributes = {}
    if [child[:1] for child in children] == [["span"]]:
        children = children[0][2:]
    look = attributes.get("class", "").removeprefix("adviz-")
    kept = {n: v for n, v in attributes.items() if n != "class"}
    kept |= {"class": look} if look not in ("", "function") else {}
    return [tag, kept, *filter(None, map(unadorned, children))]


# --- Films -------------------------------------------------------------------------------------

SLOTS = ("slot/", "shared/")
PLACES = {"row": "row/{node}/{row}", "slot": "slot/{slot}", "slot-node": "shared/{slot-node}"}
"""What the script calls a part of a picture, by the last of its data."""


def parts(shapes: tuple[Shape, ...], where: Mapping[str, str]) -> Iterator[tuple[Any, Group]]:
    """Yield the groups of a picture, each with its data and that of the groups around it."""
    for shape in shapes:
        if isinstance(shape, Group):
            inside = {**where, **dict(shape.data)}
            yield inside, shape
            yield from parts(shape.shapes, inside)


def texts(picture: Picture) -> dict[str, str]:
    """Return the numbers in a still picture."""
    return {
        PLACES[group.data[-1][0]].format(**where): group.shapes[-1].words
        for where, group in parts(picture.shapes, {})
        if group.data and group.data[-1][0] in PLACES and isinstance(group.shapes[-1], Text)
    }


def travelled(picture: Picture) -> set[str]:
    """Return the edges that are drawn as used by a sweep."""
    return {
        f"edge/{where['edge']}"
        for where, group in parts(picture.shapes, {})
        for path in group.shapes
        if isinstance(path, Line) and path.kind == "curve" and path.stroke != "line"
    }


def unseen(scene: Scene, state: State) -> set[str]:
    """Return the edges that are drawn so that nobody sees them."""
    drawn = parts(paint(scene, state).shapes, {})
    return {f"edge/{where['edge']}" for where, group in drawn if group.opacity == 0}


def shadowed(scene: Scene, state: State) -> set[str]:
    """Return the nodes of which only a shadow is drawn."""
    skipped = {str(node.id) for node in scene.nodes if node.status == "skipped"}
    drawn = parts(paint(scene, state).shapes, {})
    faded = {where["node"] for where, group in drawn if "node" in where and group.opacity < 1}
    return {f"node/{node}" for node in faded - skipped}


def labels(picture: Picture, state: State) -> dict[str, str]:
    """Return the numbers on the edges whose numbers change."""
    chips = [
        (int(where["edge"]), text.words)
        for where, group in parts(picture.shapes, {})
        if group.kind.split()[0] == "chip"
        for text in group.shapes
        if isinstance(text, Text)
    ]
    return {f"label/{k}": words for k, words in chips if k in state.labels}


def flags(scene: Scene, state: State, still: Mapping[str, str]) -> dict[str, set[str]]:
    """Return what a still picture shows of edges, chips, slots and nodes, by the script's words."""
    frame, kind = state.frame, state.kind
    assert frame is not None
    moving = active(scene, frame)
    marked = {f"edge/{k}" for k, edge in enumerate(scene.edges) if edge in scene.marks}
    edge = [] if frame.edge is None else [scene.edges[frame.edge]]
    ends = [node for tail, head, *_ in edge for node in (tail, head)]
    along = {f"{part}/{frame.edge}" for part in ("edge", "chip", "slot") if edge}
    slots = {thing: text for thing, text in still.items() if thing.startswith(SLOTS)}
    return {
        "shown": {f"chip/{k}" for k in state.chips},
        "active": {thing for thing in along if thing in slots or "slot/" not in thing}
        | {f"{part}/{k}" for part in ("edge", "chip") for k in moving},
        "absent": unseen(scene, state),
        "there": {f"edge/{k}" for k in state.labels} - unseen(scene, state),
        "gone": shadowed(scene, state),
        "focus": {f"node/{node}" for node in (*frame.nodes, *ends)},
        "passed": travelled(paint(scene, state)) - marked | {f"edge/{k}" for k in moving},
        "filled": {thing for thing, text in slots.items() if text and "Σ 0 " not in text},
        "derived": {
            f"node/{node}"
            for (node, row), key in state.rows.items()
            if row == kind != "value" and key is not None
        },
    }


def agree(scene: Scene, state: State, look: Mapping[str, Any], but: str = "") -> None:
    """Assert that the script shows what the still picture shows, of all that is in the picture.

    What it says of parts that are not there, such as a slot where many share one, moves nothing.
    `but` is what the still picture shows earlier.
    """
    picture = paint(scene, state)
    still = texts(picture) | labels(picture, state)
    assert {thing: look["texts"].get(thing, text) for thing, text in still.items()} == still
    assert {still[thing] for thing in still.keys() - look["texts"].keys()} <= {"–", "", "skipped"}
    for flag, expected in flags(scene, state, still).items():
        raised = {thing for thing, words in look["flags"].items() if flag in words}
        there = {t for t in raised if t in still or not t.startswith(SLOTS)}
        assert there == expected - {but}, flag


@pytest.mark.parametrize("title", SCENES)
def test_every_frame_shows_what_its_still_picture_shows(page: Any, title: str) -> None:
    for state, look in zip(states(SCENES[title]), page["films"][title]["states"], strict=True):
        agree(SCENES[title], state, look)


@pytest.mark.parametrize("title", SCENES)
def test_while_a_number_travels_the_page_shows_what_the_film_shows(page: Any, title: str) -> None:
    scene, film_ = SCENES[title], page["films"][title]
    pairs = zip(pairwise(states(scene)), film_["leaving"][1:], film_["tokens"][1:], strict=True)
    for (before, after), look, token in pairs:
        if after.frame and after.frame.token is not None:
            assert token == signed(scene.text(after.frame.token))
            agree(scene, between(before, after), look, but=f"slot/{after.frame.edge}")


@pytest.mark.parametrize("title", SCENES)
def test_printed_the_page_is_the_finished_picture(page: Any, title: str) -> None:
    scene, look = SCENES[title], page["films"][title]["resting"]
    state = finished(scene)
    picture = paint(scene, state)
    still = texts(picture) | labels(picture, state)
    assert {thing: look["texts"].get(thing, text) for thing, text in still.items()} == still
    lasting = {"shown", "filled", "arrived", "there", "absent", "gone"}
    assert {word for words in look["flags"].values() for word in words} <= lasting
    for flag, expected in {"absent": unseen(scene, state), "gone": shadowed(scene, state)}.items():
        assert {thing for thing, words in look["flags"].items() if flag in words} == expected


def test_a_token_has_its_tip_there_and_is_at_neither_end_over_a_node(page: Any) -> None:
    tips = [tip(Position(*map(float, shift)), 40.0) for shift in SHIFTS]
    assert page["tips"] == [pytest.approx(list(one)) for one in tips]
    ways = [[gone(time, length, 40.0) for length in (20.0, 200.0)] for time in TIMES]
    assert page["gone"] == [pytest.approx(way) for way in ways]


def test_a_token_takes_as_long_and_is_eased_the_same(page: Any) -> None:
    assert page["seconds"] == [STEP, FLIGHT]
    assert page["eased"] == [eased(time) for time in TIMES]
