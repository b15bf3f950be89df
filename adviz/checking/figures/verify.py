"""Whether the numbers in a figure are still true: its record is read, and computed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from adviz.checking.figures.again import Figure, figure
from adviz.checking.figures.against import Against, Untrue, against_truth
from adviz.checking.figures.naming import called
from adviz.errors import AdvizError, FormatError
from adviz.files import opened, path_of
from adviz.graph.graph import Graph
from adviz.language.brief import quoted
from adviz.language.spelling import shortened
from adviz.render.provenance.carriers import CARRIERS, carrier_of, held_in
from adviz.render.provenance.pieces import Change, changes, seal
from adviz.render.provenance.reading import Held
from adviz.render.provenance.record import SEALED, Record, read
from adviz.render.provenance.shown import digest

Verdict = Literal["false", "changed", "no record", "true"]
"""What is said of a figure, worst first."""
FAILING: tuple[Verdict, ...] = ("false", "changed")
"""What no figure should be."""

_LARGEST = 256 * 2**20
"""The most bytes of a file that is read."""
_SEALED = "it is as it was saved; what it shows is not computed again"
_TOLD = 5
"""The most numbers that are told of."""


@dataclass(frozen=True)
class Verification:
    """What was found out about a figure.

    >>> import adviz
    >>> adviz.draw(adviz.reverse("x*y", at={"x": 3, "y": 2})).save("product.svg")
    >>> print(adviz.verify("product.svg"))
    product.svg: true: 8 numbers of f(x, y) = x*y at x = 3.0, y = 2.0 are right
    """

    path: str
    verdict: Verdict
    why: str
    untrue: tuple[Untrue, ...] = ()
    """The numbers that are not right, the first few."""
    record: Record | None = None
    """What the figure says of itself."""

    def __str__(self) -> str:
        return f"{self.path}: {self.verdict}: {self.why}"

    def __repr__(self) -> str:
        return f"<Verification {self.verdict}: {shortened(self.path)}>"

    def fails(self, strict: bool = False) -> bool:
        """Return whether the figure is false or changed, and with `strict` whether nobody knows."""
        return self.verdict in FAILING or (strict and self.verdict == "no record")

    def to_json(self) -> dict[str, Any]:
        """Return it as data: path, verdict, reason, the numbers that are wrong, what it is of."""
        told: dict[str, Any] = {"path": self.path, "verdict": self.verdict, "why": self.why}
        told["untrue"] = [one._asdict() for one in self.untrue]
        if self.record is None:
            return told
        of = {name: getattr(self.record, name) for name in ("source", "at", "made_with")}
        return told | {name.replace("_", " "): one for name, one in of.items()}


def verify(path: str | Path) -> Verification:
    """Return whether the numbers in a figure that adviz has saved are still true.

    The record in the file is read, its graph is built and swept again, and every number that is
    printed is compared with it, with the same sweep in 50 digits, and the derivatives with
    SymPy's. The verdict is `true`; `false` where a number is not right, with what would be;
    `changed` where the file shows something else than was saved; `no record` where it says
    nothing of itself. `why` says it in words.

    Nothing in a file is ever run. Raises FormatError for a file that cannot be read, that has a
    suffix of no figure, or whose record is none, or describes nothing that can be computed.

    >>> import adviz
    >>> adviz.draw(adviz.evaluate("1 - cos(x)", at={"x": 1e-8})).save("cosine.svg")
    >>> found = adviz.verify("cosine.svg")
    >>> found.verdict, str(found.untrue[0])
    ('false', 'the value of f is printed as 0, not 5 × 10⁻¹⁷')
    """
    name = path_of(path)
    try:
        return _verified(str(name), held_in(_content(name), name.suffix))
    except AdvizError as error:
        said = str(error)
        raise FormatError(said if str(name) in said else f"{name}: {said}") from None


def figures_in(folder: str | Path) -> Iterator[Path]:
    """Yield the files of a folder, and of those in it, that may carry a record, in their order."""
    for path in sorted(path_of(folder).rglob("*")):
        if carrier_of(path.suffix) is not None and path.is_file():
            yield path


def _content(name: Path) -> bytes:
    if carrier_of(name.suffix) is None:
        raise FormatError(f"cannot verify {name.name}; figures are {', '.join(CARRIERS)}")
    with opened(name) as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise FormatError(f"cannot verify {name}: it has more than {_LARGEST >> 20} MB")
    return content


def _verified(name: str, held: Held) -> Verification:
    if held.record is None:
        return Verification(name, "no record", "it does not say what it is of")
    record = read(held.record)
    made = None if record.seen == SEALED else figure(record)
    changed = _changed(record, held, made)
    if changed:
        return Verification(name, "changed", changed, record=record)
    if made is None:
        return Verification(name, "no record", _SEALED, record=record)
    untrue = [*_otherwise(_printed(record, held), made)]
    against = Against(()) if untrue else against_truth(record, made)
    found = tuple(untrue or against.untrue)
    if found:
        return Verification(name, "false", _listed(found), found[:_TOLD], record)
    return Verification(name, "true", _right(record, made, against), record=record)


def _printed(record: Record, held: Held) -> Sequence[str]:
    """Return the numbers as the figure has them."""
    if record.printed is None:
        return tuple((held.numbers or {}).values())
    return record.printed


def _changed(record: Record, held: Held, made: Figure | None) -> str:
    """Return what of a file is not as it was saved; nothing where all is."""
    printed = _printed(record, held)
    if digest(printed) != record.digest:
        other = [*_otherwise(printed, made)] if made else []
        return _listed(other) or "the numbers in its record are not those of its digest"
    if seal(held.pieces) == record.seal:
        return ""
    if not record.pieces:
        return "it is not the file that was saved, though its numbers are as they were"
    found = changes(held.pieces, record.pieces, [*dict.fromkeys(printed)])
    return "; ".join(_said(change, made) for change in found) or "its texts are not as they were"


def _said(change: Change, made: Figure | None) -> str:
    """Return a change in words, with the name of a number that only one thing is."""
    if not change.found:
        return "a text is gone"
    if not change.was:
        return f"it shows {quoted(change.found)}, which was not saved so"
    keys = [key for key, text in made.numbers.items() if text == change.was] if made else []
    name = f" as {called(made.scene, keys[0])}" if made and len(keys) == 1 else ""
    where = "" if change.found == change.number else f" in {quoted(change.found)}"
    return f"it shows {change.number}{where} where {change.was} was saved{name}"


def _listed(untrue: Sequence[Untrue]) -> str:
    more = f"; … {len(untrue) - _TOLD} more" if len(untrue) > _TOLD else ""
    return "; ".join(map(str, untrue[:_TOLD])) + more


def _otherwise(printed: Sequence[str], made: Figure) -> Iterator[Untrue]:
    """Yield the numbers that come out otherwise than they are printed."""
    if len(printed) != len(made.numbers):
        yield Untrue("the count of its numbers", str(len(printed)), str(len(made.numbers)))
        return
    for text, (key, right) in zip(printed, made.numbers.items(), strict=True):
        if text != right:
            yield Untrue(called(made.scene, key), shortened(text), right)


def _formula(graph: Graph) -> str:
    """Return the formula of a graph where that is a line, else what it is in short."""
    text = "" if graph.shapes is not None else graph.text
    return repr(graph).strip("<>") if not text or "\n" in text else shortened(text, 60)


def _right(record: Record, made: Figure, against: Against) -> str:
    """Return what is right, in words, and what nobody has looked at."""
    at = ", ".join(f"{name} = {one}" for name, one in record.at.items())
    place = f" at {shortened(at, 60)}" if at else ""
    counted, noun = len(made.numbers), "number" if record.sweeps else "local partial"
    said = f"{counted} {noun}{'s' * (counted != 1)} of {_formula(made.graph)}{place}"
    rest = [
        f"{record.fault!r} is wrong on purpose, as here" if record.fault else "",
        against.unheard,
        f"of {record.notes} notes nothing is known" if record.notes else "",
    ]
    unknown = "; ".join(filter(None, rest))
    return f"{said} {'is' if counted == 1 else 'are'} right{f' ({unknown})' if unknown else ''}"
