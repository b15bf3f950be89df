"""Lines of letters as LaTeX: mathematics in math mode, so that it has the author's own fonts.

Whatever is no character of ASCII leaves as a command, so that every engine reads the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from unicodedata import normalize

from adviz.language.notation import latex, latex_escape, name, number, op, tree
from adviz.scene.typesetting import Run

_WORDS = ("sans", "bold")
"""The faces of words, and of numbers that were computed."""
_NUMBER = re.compile(r"[+−]?(\d+\.?\d*( × 10[⁻⁰¹²³⁴-⁹]+)?|\d+/\d+|∞)")
_TOKEN = re.compile(
    r"(?P<operator> (?:mod|and|or|not|@) )|(?P<raised>[⁻⁰¹²³⁴-⁹]+)|(?P<number>\d+\.?\d*)"
    r"|(?P<open>√?\()|(?P<close>\))|(?P<word>(?:[^\W⁰¹²³⁴-⁹][\u0300-\u036f]*|…)+)|(?P<sign>\S)"
)
_SIGNED, _SPELLED = r"-=<>≤≥≠⇒→×÷·+−^/,|", "mod|and|or|not"
_BEHIND = "".join(rf"(?<!\b{word})" for word in _SPELLED.split("|"))
_BESIDE = re.compile(rf"(?<![{_SIGNED}]){_BEHIND} (?![{_SIGNED}]|(?:{_SPELLED}) )")
"""The space between matrices that are multiplied: one beside no sign."""
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_ACCENTS: Mapping[str, str] = MappingProxyType(
    {
        "\N{COMBINING DOT ABOVE}": "dot",
        "\N{COMBINING MACRON}": "bar",
        "\N{COMBINING OVERLINE}": "bar",
    }
)
_PLAIN = frozenset("+-*/=<>|,.;:!?[]'@")
"""The signs that are themselves in math mode."""
# One aligned line per kind of sign.
# fmt: off
_SIGNS: Mapping[str, str] = MappingProxyType({
    "−": "-", "×": r"\times", "÷": r"\div", "·": r"\cdot", "√": r"\surd", "^": r"\wedge",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "⇒": r"\Rightarrow", "→": r"\to",
    "∂": r"\partial", "∞": r"\infty", "…": r"\ldots", "Σ": r"\Sigma", "•": r"\bullet",
})
# fmt: on
"""What LaTeX has a command for in math mode."""
_DASHES: Mapping[str, str] = MappingProxyType({"—": "---{}", "–": "--{}", "’": "'"})

LETTER = r"""\providecommand\advizletter[2]{\ifmmode\expandafter\text\fi{%
  \ifcsname u8:\detokenize{#2}\endcsname#2\else\ifdefined\Umathchar#2\else U+#1\fi\fi}}"""
"""A character that pdfTeX may not know: by its number, unless the engine or the author does."""


def in_ascii(text: str) -> str:
    r"""Return LaTeX whose characters are all of ASCII, but for arguments of `\advizletter`.

    >>> in_ascii(f"$x ≤ {chr(0x6F22)}$").encode("ascii", "replace")
    b'$x \\ensuremath{\\le} \\advizletter{6F22}{?}$'
    """
    composed = normalize("NFC", text)
    return "".join(c if " " <= c <= "~" or c == "\n" else _outside(c) for c in composed)


_ROOT_OF_ONE = re.compile(
    r"\\surd ((?:\\mathrm\{(?:[^{}\\]|\\_)*\}"
    r"|\\(?!surd|sqrt)[a-zA-Z]+(?![a-zA-Z{])|[a-zA-Z]|[0-9.]+)"
    r"(?:_\{(?:[^{}\\]|\\_|\\mathrm\{[^{}\\]*\})*\})?)"
)
"""A root of one letter, word or number, as names are written; never a part of another command."""


def _outside(character: str) -> str:
    """Return a character that is none of printable ASCII."""
    if character in _SIGNS:
        return f"\\ensuremath{{{_SIGNS[character]}}}"
    if character in _DASHES:
        return _DASHES[character]
    if character.isspace() or ord(character) < 0xA0:
        return " "
    shown = character if character.isprintable() else "?"
    return f"\\advizletter{{{ord(character):04X}}}{{{shown}}}"


def written(line: Iterable[Run]) -> str:
    r"""Return a line as LaTeX for text mode, without its colours.

    >>> from adviz.scene.typesetting import set_on_line
    >>> adjoint = ("row", tree("bar", name("v1")), op("="), ("slot", "k"))
    >>> written(set_on_line(adjoint, lambda key: "−2.5"))
    '$\\bar{v}_{1} = -2.5$'
    """
    pieces = (
        _formula(list(runs)) if formula else "".join(map(_words, runs))
        for formula, runs in groupby((run for run in line if run.text), _is_formula)
    )
    return "".join(pieces).rstrip()


def _formula(runs: Sequence[Run]) -> str:
    """Return runs in math mode; a space after a sign of equality is one before words too."""
    return f"${_math(runs)}$" + " " * runs[-1].text.endswith("= ")


def _is_formula(run: Run) -> bool:
    return run.face not in _WORDS or run.text.strip() in ("", "=") or _is_number(run)


def _is_number(run: Run) -> bool:
    return run.face in _WORDS and _NUMBER.fullmatch(run.text) is not None


def _words(run: Run) -> str:
    text = latex_escape(run.text)
    return f"\\textbf{{{text}}}" if run.face == "bold" else text


def _math(runs: Sequence[Run], rise: float = 0.0) -> str:
    """Return runs for math mode; what is not at this height is a subscript or an exponent."""
    opened: list[bool] = []
    pieces = []
    for side, group in groupby(runs, lambda run: (run.rise > rise) - (run.rise < rise)):
        some = list(group)
        if side:
            pieces.append(f"{'^' if side > 0 else '_'}{{{_math(some, some[0].rise)}}}")
        else:
            pieces += [_set(run, opened) for run in some]
    return _rooted(re.sub("  +", " ", "".join(pieces)).strip()) + "}" * sum(opened)


def _rooted(formula: str) -> str:
    """Return a formula in which a root that is of one letter or number has its bar over that."""
    return _ROOT_OF_ONE.sub(r"\\sqrt{\1}", formula)


def _set(run: Run, opened: list[bool]) -> str:
    """Return a run for math mode; `opened` are the parentheses around it, True for a root's."""
    if _is_number(run):
        shown = latex(number(run.text))
        return f"\\boldsymbol{{{shown}}}" if run.face == "bold" else shown
    text = run.text if run.face in _WORDS else _BESIDE.sub(" @ ", run.text)
    return _TOKEN.sub(lambda found: _TOKENS[found.lastgroup or ""](found, opened), text)


def _open(found: re.Match[str], opened: list[bool]) -> str:
    opened.append(found[0] != "(")
    return r"\sqrt{" if opened[-1] else "("


def _close(found: re.Match[str], opened: list[bool]) -> str:
    return "}" if opened and opened.pop() else ")"


def _word(found: re.Match[str], opened: list[bool]) -> str:
    """Return letters, which may have accents over them, or the name of a function."""
    accents = dict.fromkeys(mark for mark in found[0] if mark in _ACCENTS)
    made = name("".join(letter for letter in found[0] if letter not in accents))
    for mark in accents:
        made = tree(_ACCENTS[mark], made)
    called = found.string[found.end() :].startswith("(")
    return latex(made).replace(r"\mathrm", r"\operatorname" if called else r"\mathrm", 1)


def _sign(found: re.Match[str], opened: list[bool]) -> str:
    """Return an operator; any other sign is text."""
    sign = found[0]
    if sign in _PLAIN:
        return sign
    return f"{_SIGNS[sign]} " if sign in _SIGNS else f"\\text{{{latex_escape(sign)}}}"


_TOKENS: Mapping[str, Callable[[re.Match[str], list[bool]], str]] = MappingProxyType(
    {
        "operator": lambda found, opened: latex(op(found[0].strip())),
        "raised": lambda found, opened: f"^{{{found[0].translate(_RAISED)}}}",
        "number": lambda found, opened: found[0],
        "open": _open,
        "close": _close,
        "word": _word,
        "sign": _sign,
    }
)
"""How each piece of a formula is written; `opened` grows and shrinks with the parentheses."""
