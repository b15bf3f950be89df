"""The formats that pictures and films can be written in: one line each."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from inspect import signature
from os.path import isdir
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from adviz.errors import FormatError
from adviz.files import path_of

if TYPE_CHECKING:
    from adviz.render.figure.compose import Page
    from adviz.render.plate import Plate
    from adviz.scene.scene import Scene

Noun = Literal["drawing", "animation", "pattern"]
Renderer = Callable[..., Any]
"""Takes a Scene and options, returns the content of a file; for a folder, of several by name."""
FOLDER = "/"
"""What stands for the suffix of a folder."""


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
    Format(".tex",    "drawing",   "latex.picture", "drawing"),
    Format(".html",   "drawing",   "opened",       "document"),
    Format(".md",     "drawing",   "slides.markdown", "drawing"),
    Format(".dot",    "drawing",   "dot",          "drawing"),
    Format(".gv",     "drawing",   "dot",          "drawing"),
    Format(".mmd",    "drawing",   "mermaid",      "drawing"),
    Format(".graphml","drawing",   "graphml",      "drawing"),
    Format(".json",   "drawing",   "json",         "drawing"),
    Format(".svg",    "pattern",   "svg",          "drawing"),
    Format(".png",    "pattern",   "png",          "drawing"),
    Format(".pdf",    "pattern",   "pdf",          "drawing"),
    Format(".html",   "animation", "web",          "document"),
    Format(".svg",    "animation", "animated_svg", "animation"),
    Format(".gif",    "animation", "film.media",   "gif"),
    Format(".webp",   "animation", "film.media",   "webp"),
    Format(".apng",   "animation", "film.media",   "apng"),
    Format(".mp4",    "animation", "film.media",   "mp4"),
    Format(".webm",   "animation", "film.media",   "webm"),
    Format(".srt",    "animation", "film.captions","srt"),
    Format(".vtt",    "animation", "film.captions","vtt"),
    Format(".pdf",    "animation", "film.media",   "pdf"),
    Format(".beamer.tex", "animation", "latex.beamer", "animation"),
    Format(".reveal.html", "animation", "slides.deck", "reveal"),
    Format(".pptx",   "animation", "slides.powerpoint", "pptx"),
    Format(".md",     "animation", "slides.markdown", "animation"),
    Format(".json",   "animation", "json",         "animation"),
    Format("/",       "animation", "film.media",   "folder"),
)
# fmt: on

COMPOSED = (".tex",)
"""The suffixes of drawings that are always composed for print."""


def suffixes(noun: Noun) -> tuple[str, ...]:
    """Return the suffixes a noun can be written under.

    >>> suffixes("pattern")
    ('.svg', '.png', '.pdf')
    """
    return tuple(each.suffix for each in FORMATS if each.noun == noun)


def known(noun: Noun) -> str:
    """Return what a noun can be written as, as one reads it.

    >>> known("pattern")
    '.svg, .png, .pdf'
    """
    return ", ".join("a folder/" if one == FOLDER else one for one in suffixes(noun))


def suffix_of(path: object, noun: Noun) -> str:
    """Return the suffix under which a noun is written: the longest that a file's name ends with.

    That of a folder, which is there or whose name ends with a slash, is the slash.

    >>> suffix_of("film.GIF", "animation"), suffix_of("steps/", "animation")
    ('.gif', '/')
    >>> suffix_of("talk.beamer.tex", "drawing"), suffix_of("v1.2.svg", "drawing")
    ('.beamer.tex', '.svg')
    """
    target = path_of(path)
    there = isdir(target)  # noqa: PTH112 - of a name that is too long, Path's own raises
    if FOLDER in suffixes(noun) and (str(path).endswith(_SLASHES) or there):
        return FOLDER
    name = target.name.lower()
    ending = [row.suffix for row in FORMATS if name.endswith(row.suffix) and name != row.suffix]
    return max(ending, key=len, default=target.suffix)


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
    other = next((n for n in get_args(Noun) if n != noun and suffix.lower() in suffixes(n)), "")
    hint = f"; {suffix} is for {_ARTICLES[other]}" if other else ""
    hint = _INSTEAD.get((suffix.lower(), noun), hint)
    target = suffix or "a file without a suffix"
    raise FormatError(f"cannot write {_ARTICLES[noun]} as {target}; use {known(noun)}{hint}")


def rendered(scene: Scene | Plate | Page, suffix: str, noun: Noun, **options: Any) -> bytes:
    """Return the content of a file; a theme is for the formats that have colours.

    Whoever wants to know how far it is gives `progress`, which only some formats tell. Raises
    FormatError for a suffix that the noun has not, or an option that the format has not.
    """
    content: bytes = made(scene, suffix, noun, **options)
    return content


def made(scene: Scene | Plate | Page, suffix: str, noun: Noun, **options: Any) -> Any:
    """Return what the function of a format makes: the content of a file, or of several."""
    function, taken = renderer(suffix, noun), options_of(suffix, noun)
    unknown = [option for option in options if option not in (*taken, *_UNASKED)]
    if unknown:
        told = ", ".join(taken) or "none"
        raise FormatError(f"{suffix} has no option {unknown[0]!r}; it has {told}")
    asked = {*signature(function).parameters}
    return function(scene, **{name: given for name, given in options.items() if name in asked})


def options_of(suffix: str, noun: Noun) -> tuple[str, ...]:
    """Return what the file of a noun can be asked for, by the keywords of its function.

    >>> options_of(".webm", "animation"), options_of(".srt", "animation")
    (('theme', 'size', 'font_size', 'show', 'seconds'), ('seconds',))
    """
    _, *keywords = signature(renderer(suffix, noun)).parameters
    return tuple(keyword for keyword in keywords if keyword != "progress")


_UNASKED = ("theme", "progress")
"""The options that a format may do without."""
_SLASHES = ("/", os.sep)
_INSTEAD = {
    (".png", "animation"): "; one step is animation.still(7).save('step.png'), all of them are "
    ".apng, or a folder of pictures: frames/",
}
"""What to say of a suffix that means something else for a noun."""
_ARTICLES = {
    "drawing": "a drawing (adviz.draw)",
    "animation": "an animation (adviz.animate)",
    "pattern": "a pattern (adviz.sparsity)",
}
