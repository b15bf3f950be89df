"""The formats that pictures and films can be written in: one line each."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from adviz.errors import FormatError

if TYPE_CHECKING:
    from adviz.render.figure.compose import Page
    from adviz.render.plate import Plate
    from adviz.scene.scene import Scene

Noun = Literal["drawing", "animation", "pattern"]
Renderer = Callable[..., bytes]
"""Takes a Scene and options, returns the content of a file."""


class Format(NamedTuple):
    """A suffix, the noun that can be written under it, and the function that does it."""

    suffix: str
    noun: Noun
    module: str
    function: str


# One aligned line per format.
# fmt: off
FORMATS: tuple[Format, ...] = (
    Format(".svg",    "drawing",   "svg",          "drawing"),
    Format(".png",    "drawing",   "png",          "drawing"),
    Format(".pdf",    "drawing",   "pdf",          "drawing"),
    Format(".html",   "drawing",   "opened",       "document"),
    Format(".dot",    "drawing",   "dot",          "drawing"),
    Format(".gv",     "drawing",   "dot",          "drawing"),
    Format(".mmd",    "drawing",   "mermaid",      "drawing"),
    Format(".graphml","drawing",   "graphml",      "drawing"),
    Format(".json",   "drawing",   "json",         "drawing"),
    Format(".tex",    "drawing",   "latex.picture", "drawing"),
    Format(".svg",    "pattern",   "svg",          "drawing"),
    Format(".png",    "pattern",   "png",          "drawing"),
    Format(".pdf",    "pattern",   "pdf",          "drawing"),
    Format(".html",   "animation", "web",          "document"),
    Format(".svg",    "animation", "animated_svg", "animation"),
    Format(".json",   "animation", "json",         "animation"),
    Format(".beamer.tex", "animation", "latex.beamer", "animation"),
)
# fmt: on

COMPOSED = (".tex",)
"""The suffixes of drawings that are always composed for print."""


def suffixes(noun: Noun) -> tuple[str, ...]:
    """Return the suffixes a noun can be written under.

    >>> suffixes("animation")
    ('.html', '.svg', '.json', '.beamer.tex')
    """
    return tuple(each.suffix for each in FORMATS if each.noun == noun)


def suffix_of(path: Path) -> str:
    """Return a file's suffix, which has two parts where there is a format of that.

    >>> suffix_of(Path("talk.beamer.tex")), suffix_of(Path("v1.2.svg"))
    ('.beamer.tex', '.svg')
    """
    both = "".join(path.suffixes[-2:])
    return both if any(each.suffix == both.lower() for each in FORMATS) else path.suffix


def renderer(suffix: str, noun: Noun) -> Renderer:
    """Return the function that writes a noun under a suffix, as in `.svg`.

    Raises FormatError, naming the suffixes there are.

    >>> renderer(".png", "drawing").__module__
    'adviz.render.png'
    """
    for each in FORMATS:
        if (each.suffix, each.noun) == (suffix.lower(), noun):
            found: Renderer = getattr(import_module(f"{__name__}.{each.module}"), each.function)
            return found
    known = ", ".join(suffixes(noun))
    other = next((n for n in get_args(Noun) if n != noun and suffix.lower() in suffixes(n)), "")
    hint = f"; {suffix} is for {_ARTICLES[other]}" if other else ""
    target = suffix or "a file without a suffix"
    raise FormatError(f"cannot write {_ARTICLES[noun]} as {target}; use {known}{hint}")


def rendered(scene: Scene | Plate | Page, suffix: str, noun: Noun, **options: Any) -> bytes:
    """Return the content of a file; a theme is for the formats that have colours.

    Raises FormatError for a suffix that the noun has not, or an option that the format has not.
    """
    function = renderer(suffix, noun)
    _, *known = signature(function).parameters
    unknown = [option for option in options if option not in (*known, "theme")]
    if unknown:
        raise FormatError(
            f"{suffix} has no option {unknown[0]!r}; it has {', '.join(known) or 'none'}"
        )
    return function(scene, **{name: given for name, given in options.items() if name in known})


_ARTICLES = {
    "drawing": "a drawing (adviz.draw)",
    "animation": "an animation (adviz.animate)",
    "pattern": "a pattern (adviz.sparsity)",
}
