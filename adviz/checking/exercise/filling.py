"""What somebody has written into a sheet: by name, or read back from a file of it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar
from unicodedata import normalize

from adviz.checking.exercise.answers import is_empty
from adviz.checking.exercise.blanks import KINDS, Blank, name_of, symbol_of
from adviz.checking.exercise.listing import SHOWN, Section
from adviz.errors import AdvizError, FormatError
from adviz.files import opened, path_of
from adviz.graph.procedure import Edge
from adviz.language.asked import shown
from adviz.language.notation import ascii_text, unicode_text
from adviz.language.numerals import full
from adviz.modes.trace import Trace
from adviz.numbers.given import real

Reader = TypeVar("Reader")

Filled = Mapping[Blank, str]
"""What is written into blanks."""

_PIPE = re.compile(r"(?<!\\)\|")
_ESCAPE = re.compile(r"\\(.)")
_LISTED = 12
"""The most blanks that an error names."""


def filled_in(
    trace: Trace, sections: Sequence[Section], blanks: Sequence[Blank], given: Any
) -> Filled:
    """Return what is written into blanks, from a mapping by name or from a file of the sheet.

    Raises AdvizError for what is neither, and for a name that no blank has.
    """
    if isinstance(given, str | Path):
        return _read(trace, sections, blanks, path_of(given))
    if not isinstance(given, Mapping):
        raise AdvizError(
            f"filled = {shown(given)}; it is a mapping such as {{{_example(trace, blanks)!r}: 1}}, "
            "or the name of a filled-in file (.md, .csv, .json)"
        )
    return _by_name(trace, blanks, given)


def _example(trace: Trace, blanks: Sequence[Blank]) -> str:
    return name_of(trace.graph, blanks[0])


def _by_name(trace: Trace, blanks: Sequence[Blank], given: Mapping[Any, Any]) -> Filled:
    known = _known(trace, blanks)
    return {_named(trace, known, name): _legible(name, text) for name, text in given.items()}


def _named(trace: Trace, known: Mapping[str, Sequence[Blank]], name: Any) -> Blank:
    """Return the blank of a name; AdvizError where there is none, or more than one."""
    found = known.get(_squeezed(name), ()) if isinstance(name, str) else ()
    if len(found) == 1:
        return found[0]
    if found:
        names = [name_of(trace.graph, blank) for blank in found]
        raise AdvizError(f"{shown(name)} may be {' or '.join(names)}; write which")
    names = list(dict.fromkeys(name_of(trace.graph, blank) for (blank, *_) in known.values()))
    near = get_close_matches(str(name)[:60], names, 1)
    listed = f"blanks are {', '.join(names[:_LISTED])}{', …' * (len(names) > _LISTED)}"
    cure = f"did you mean {near[0]!r}?" if near else listed
    raise AdvizError(f"the sheet has no blank {shown(name)}; {cure}")


def _known(trace: Trace, blanks: Iterable[Blank]) -> dict[str, list[Blank]]:
    """Return the blanks by everything that they are called; what is theirs alone comes first."""
    named = {_squeezed(name_of(trace.graph, blank)): [blank] for blank in blanks}
    called: dict[str, list[Blank]] = {}
    for (blank,) in named.values():
        for other in _other_names(trace, blank):
            called.setdefault(_squeezed(other), []).append(blank)
    return {**called, **named}


def _other_names(trace: Trace, blank: Blank) -> set[str]:
    """Return what a blank is called besides: `v̄₁`, `v1_bar`, `df/dv1`."""
    graph, place = trace.graph, blank.place
    written = unicode_text(symbol_of(graph, blank))
    if isinstance(place, Edge):
        return {written, f"d{graph.symbol(place.head)}/d{graph.symbol(place.tail)}"}
    names = {written, KINDS[blank.kind].letters.format(ascii_text(graph.leaf(place)))}
    if blank.kind == "adjoints":
        names |= {f"d{label}/d{graph.symbol(place)}" for label in trace.seed}
    return names


def _squeezed(name: str) -> str:
    return normalize("NFC", "".join(name.split()))


def _legible(name: Any, text: Any) -> str:
    """Return what is written into one blank as one line of text, nothing where it is empty."""
    if text is None:
        return ""
    typed = text if isinstance(text, str) else full(real(str(name), text))
    words = "".join(
        c if c.isprintable() or c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in typed
    )
    line = " ".join(words.split())
    return "" if is_empty(line) else line


# --- Files ----------------------------------------------------------------------------------------


def _read(trace: Trace, sections: Sequence[Section], blanks: Sequence[Blank], path: Path) -> Filled:
    """Return what a filled-in file says."""
    read = reader_of(path, _READERS, "answers are")
    return read(trace, sections, blanks, content_of(path))


def reader_of(path: Path, readers: Mapping[str, Reader], what: str) -> Reader:
    """Return what reads a file, by its suffix. Raises FormatError, naming those there are.

    >>> reader_of(Path("a.doc"), {".md": str}, "answers are")
    Traceback (most recent call last):
    adviz.errors.FormatError: answers are read from .md, not from .doc
    """
    suffix = path.suffix.lower()
    if suffix not in readers:
        named = suffix or "a file without a suffix"
        raise FormatError(f"{what} read from {', '.join(readers)}, not from {named}")
    return readers[suffix]


def content_of(path: Path) -> str:
    """Return the text of a file; FormatError where it cannot be read, or is no text."""
    with opened(path) as stream:
        try:
            return stream.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            raise FormatError(
                f"{path.name} is not text in UTF-8: byte {byte:#x} at offset {error.start}"
            ) from None
        except OSError as error:
            raise FormatError(f"cannot read {path.name}: {error.strerror}") from None


def _from_json(
    trace: Trace, sections: Sequence[Section], blanks: Sequence[Blank], text: str
) -> Filled:
    """Return the answers of a sheet's JSON, of its page, or of a plain mapping."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"the answers are no JSON: {error}") from None
    answers = data.get("answers", data) if isinstance(data, dict) else data
    if not isinstance(answers, dict):
        raise FormatError(
            f"the answers are {shown(answers)}; they are an object such as "
            f"{{{json.dumps(_example(trace, blanks))}: 1}}"
        )
    return _by_name(trace, blanks, answers)


def _from_csv(
    trace: Trace, sections: Sequence[Section], blanks: Sequence[Blank], text: str
) -> Filled:
    """Return the answers of a sheet's CSV: the last cell of each row that begins with a name."""
    try:
        rows = [row for row in csv.reader(StringIO(text), strict=True) if any(row)]
    except csv.Error as error:
        raise FormatError(f"the answers are no CSV: {error}") from None
    if not rows or rows[0][0] != "blank":
        raise FormatError("the answers have no heading; the first line is: blank,symbol,answer")
    return _by_name(trace, blanks, {row[0]: row[-1] if len(row) > 2 else "" for row in rows[1:]})


def _from_markdown(
    trace: Trace, sections: Sequence[Section], blanks: Sequence[Blank], text: str
) -> Filled:
    """Return the answers in the tables of a sheet's Markdown, found by their first cells."""
    lines = [_cells(line) for line in text.splitlines() if line.lstrip().startswith("|")]
    written = {cells[0]: cells for cells in lines}
    found: dict[Blank, str] = {}
    for section in sections:
        for row in section.rows:
            first = _flat(SHOWN.printed(row[0], {}))
            cells = written.get(first, [])
            if len(cells) != len(row):
                raise FormatError(
                    f"the answers have no row {first!r} of {len(row)} cells; fill in the tables of "
                    "the sheet and leave everything else as it is"
                )
            pairs = zip(row, cells, strict=True)
            found |= {cell: _legible("", text) for cell, text in pairs if isinstance(cell, Blank)}
    return found


def _cells(line: str) -> list[str]:
    inside = line.strip().removeprefix("|")
    parts = _PIPE.split(inside)[: -1 if _PIPE.search(inside[-1:]) else None]
    return [_flat(_ESCAPE.sub(r"\1", part)) for part in parts]


def _flat(text: str) -> str:
    return " ".join(text.split())


_READERS: Mapping[str, Callable[[Trace, Sequence[Section], Sequence[Blank], str], Filled]] = {
    ".csv": _from_csv,
    ".json": _from_json,
    ".md": _from_markdown,
}
"""What reads a filled-in file, by its suffix."""
