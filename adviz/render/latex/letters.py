"""Lines of letters as LaTeX: mathematics in math mode, so that it has the author's own fonts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from adviz.language.notation import latex, latex_escape, name, number, op, tree
from adviz.language.notation.tex_signs import RAISED, SIGNS
from adviz.scene.lines import Run

_WORDS = ("sans", "bold")
"""The faces of words, and of numbers that were computed."""
_ONE = r"[+−]?(\d+\.?\d*( × 10[⁻⁰¹²³⁴-⁹]+)?|\d+/\d+|∞)"
_NUMBER = re.compile(rf"{_ONE}|\[{_ONE}(, {_ONE})*\]")
"""One number, or a vector."""
_TOKEN = re.compile(
    r"(?P<operator> (?:mod|and|or|not|@) )|(?P<raised>[⁻⁰¹²³⁴-⁹]+)|(?P<number>\d+\.?\d*)"
    r"|(?P<open>√?\()|(?P<close>\))|(?P<word>(?:[^\W⁰¹²³⁴-⁹][\u0300-\u036f]*|…)+)|(?P<sign>\S)"
)
_SIGNED, _SPELLED = r"-=<>≤≥≠⇒→×÷·+−^/,|", "mod|and|or|not"
_BEHIND = "".join(rf"(?<!\b{word})" for word in _SPELLED.split("|"))
_BESIDE = re.compile(rf"(?<![{_SIGNED}]){_BEHIND} (?![{_SIGNED}]|(?:{_SPELLED}) )")
"""The space between matrices that are multiplied: one beside no sign."""
_ACCENTS: Mapping[str, str] = MappingProxyType(
    {
        "\N{COMBINING DOT ABOVE}": "dot",
        "\N{COMBINING MACRON}": "bar",
        "\N{COMBINING OVERLINE}": "bar",
    }
)
_PLAIN = frozenset("+-*/=<>|,.;:!?[]'@")
"""The signs that are themselves in math mode."""
_ROOT_OF_ONE = re.compile(
    r"\\surd ((?:\\mathrm\{(?:[^{}\\]|\\_)*\}"
    r"|\\(?!surd|sqrt)[a-zA-Z]+(?![a-zA-Z{])|[a-zA-Z]|[0-9.]+)"
    r"(?:_\{(?:[^{}\\]|\\_|\\mathrm\{[^{}\\]*\})*\})?)"
)
"""A root of one letter, word or number, as names are written; never a part of another command."""


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
            pieces.append(f"{'^' if side > 0 else '_'}{{{_script(some)}}}")
        else:
            pieces += [_set(run, opened) for run in some]
    return _rooted(re.sub("  +", " ", "".join(pieces)).strip()) + "}" * sum(opened)


def _rooted(formula: str) -> str:
    """Return a formula in which a root that is of one letter or number has its bar over that."""
    return _ROOT_OF_ONE.sub(r"\\sqrt{\1}", formula)


def _script(runs: Sequence[Run]) -> str:
    """Return an index or an exponent; that of a transpose is an upright letter."""
    if [(run.text, run.face) for run in runs] == [("T", "roman")]:
        return r"\mathsf{T}"
    return _math(runs, runs[0].rise)


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
    return f"{SIGNS[sign]} " if sign in SIGNS else f"\\text{{{latex_escape(sign)}}}"


_TOKENS: Mapping[str, Callable[[re.Match[str], list[bool]], str]] = MappingProxyType(
    {
        "operator": lambda found, opened: latex(op(found[0].strip())),
        "raised": lambda found, opened: f"^{{{found[0].translate(RAISED)}}}",
        "number": lambda found, opened: found[0],
        "open": _open,
        "close": _close,
        "word": _word,
        "sign": _sign,
    }
)
"""How each piece of a formula is written; `opened` grows and shrinks with the parentheses."""
