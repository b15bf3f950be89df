"""What printed languages share: a runtime of which a program takes what it uses, and safe text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from adviz.compiler.languages.lowering import Lowered, Statement

ULPS: Mapping[str, float] = {"digamma": 22.0}
"""The rows that runtimes give with a larger error than the table states: next to a zero."""
_WORD = re.compile(r"[^\W\d]\w*")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


@dataclass(frozen=True)
class Runtime:
    """The functions that a language lacks, one a paragraph of a file beside this module."""

    file: str
    defined: str
    """A regular expression whose first group is the name that a paragraph defines."""

    @cached_property
    def paragraphs(self) -> Mapping[str, str]:
        """Every definition with its comment, by name, in the order of the file."""
        text = Path(__file__).with_name(self.file).read_text("utf-8")
        parts = [part.rstrip() for part in text.split("\n\n")]
        found = ((re.search(self.defined, part, re.MULTILINE), part) for part in parts)
        return {match[1]: part for match, part in found if match}

    def used(self, code: str) -> list[str]:
        """Return the paragraphs that code refers to, and those that these need.

        >>> from adviz.compiler.languages.c import RUNTIME
        >>> [one.split("(")[0] for one in RUNTIME.used("f = signum(x);")]
        ['static double signum']
        """
        waiting = [code]
        wanted: set[str] = set()
        while waiting:
            for word in set(_WORD.findall(_COMMENT.sub("", waiting.pop()))) - wanted:
                if word in self.paragraphs:
                    wanted.add(word)
                    waiting.append(self.paragraphs[word])
        return [part for name, part in self.paragraphs.items() if name in wanted]


def expressions(code: Lowered) -> str:
    """Return all that a program computes as one text."""
    statements = (*code.primal, *code.derivative)
    return "\n".join([*(one.value.text for one in statements), *code.results])


def statements(
    code: Lowered, title: str, assigned: Callable[[Statement], str], indent: str
) -> Iterator[str]:
    """Yield the lines that compute values, then derivatives, each below its title."""
    for what, some in (("values", code.primal), ("derivatives", code.derivative)):
        lines = [title.format(what)] * bool(some) + [assigned(one) for one in some]
        yield from (f"{indent}{line}" for line in lines)


def comment(parts: Iterable[str], indent: str = "") -> list[str]:
    """Return the lines of a comment that lists texts of anybody, in C or JavaScript.

    No text can end the comment, or the script of a page that it stands in.

    >>> print("\\n".join(comment(["f", "d*/x", "</script>"])))
    /*
     * f, d* /x, < /script>
     */
    """
    shown = ", ".join(map(_harmless, parts))
    lines = textwrap.wrap(shown, 92, break_long_words=False, break_on_hyphens=False)
    return [f"{indent}/*", *(f"{indent} * {_unbroken(line)}" for line in lines), f"{indent} */"]


def _harmless(text: str) -> str:
    """Return a text on one line in which nothing means anything to a compiler or a page."""
    plain = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return re.sub(r"(?<=[*/<?])(?=[*/!?])", " ", plain)


def _unbroken(line: str) -> str:
    """Return a line that does not continue on the next one."""
    return f"{line} ." if line.endswith("\\") else line


def listed(items: Sequence[str], indent: str, room: int = 92) -> list[str]:
    """Return items separated by commas, as many to a line as there is room for."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) + 2 <= room:
            lines[-1] += f" {item},"
        else:
            lines.append(f"{indent}{item},")
    return lines
