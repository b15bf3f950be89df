"""Why a text is not a formula, and what its author probably meant.

The parser says only where it stopped. Each of `_FINDINGS` recognises one kind of mistake from
what stands there and just before; the first that does gives the error its words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adviz.errors import FormulaError, Span
from adviz.language.spelling import CLOSES, left_operand, paired, right_operand, shortened

if TYPE_CHECKING:
    from lark import Token, UnexpectedInput

_OPERATORS = (
    dict.fromkeys(("&", "&&"), "write and")
    | dict.fromkeys(("|", "||"), "write or; for an absolute value write abs(…)")
    | dict.fromkeys(("!", "~"), "for a negation write not")
    | dict.fromkeys(("++", "--"), "write + 1 or - 1")
    | dict.fromkeys(("+=", "-=", "*=", "/=", "**=", "//=", "%=", "^="), "assign to a new name")
    | {"^": "for a power write {left}**{right}", "@": "for a product write {left}*{right}"}
    | {"<<": "", ">>": ""}
    | {"=>": "write >=", "=<": "write <=", "<>": "write !=", "===": "write ==", "!==": "write !="}
    | {":=": "write name = … as a statement of its own", "?": "write a if condition else b"}
)
"""What to write in place of another language's operator."""

_OPERATOR = re.compile(
    "(?:" + "|".join(map(re.escape, sorted(_OPERATORS, key=len, reverse=True))) + ")(?!=)"
)
_MODULES = ("math", "cmath", "np", "numpy", "jnp", "sp", "sympy", "tf", "torch", "mp", "mpmath")
_BINARY = {"ASSIGN", "ASSERT", "COLON", "COMPARE", "SIGN", "TIMES", "POWER"}
_BINARY |= {"AND", "OR", "NOT", "IF", "ELSE"}
_LINES = "to go on in the next line, put parentheses around the formula"


def explained(text: str, error: UnexpectedInput, read: Sequence[Token]) -> FormulaError:
    """Return the error that says why the parser stopped after the tokens read."""
    stop = _stop(text, error, read)
    message, span, cure = next(found for finding in _FINDINGS if (found := finding(stop)))
    return FormulaError(message, text, span, cure)


Finding = tuple[str, Span, str]
"""What is wrong, where, and the cure or an empty text."""


@dataclass(frozen=True)
class _Stop:
    """Where the parser stopped: what does not fit there, and what it had just read."""

    text: str
    kind: str
    """The terminal of what does not fit, `$END`, or empty for a character that begins none."""
    span: Span
    before: str
    """The terminal read just before, empty at the beginning."""
    behind: Span
    expected: Collection[str]
    partner: dict[int, int]
    """Every bracket's partner."""
    alone: list[int]
    """The brackets that have none."""

    @property
    def word(self) -> str:
        return shortened(self.text[slice(*self.span)])

    @property
    def last(self) -> str:
        return shortened(self.text[slice(*self.behind)])

    @property
    def after_operand(self) -> bool:
        return self.before in ("NAME", "NUMBER", "RPAR")

    @property
    def inside(self) -> bool:
        """Whether the place lies within parentheses."""
        at = self.span[0]
        return any(i < at < j for i, j in self.partner.items() if self.text[i] == "(")

    @property
    def left(self) -> str:
        """The operand that ends just before."""
        if self.before in ("NAME", "NUMBER"):
            return self.last
        return left_operand(self.text, self.behind[1], self.partner) if self.after_operand else ""

    def right(self, at: int) -> str:
        """Return the operand that begins at an offset."""
        return right_operand(self.text, at, self.partner)


def _stop(text: str, error: UnexpectedInput, read: Sequence[Token]) -> _Stop:
    """Gather what the findings look at."""
    misfit: Token | None = getattr(error, "token", None)
    if misfit is not None and misfit.type != "$END":
        read = read[:-1]
    before, behind = (read[-1].type, _span(read[-1])) if read else ("", (0, 0))
    if misfit is None:
        at = error.pos_in_stream or 0
        kind, span = "", (at, at + 1)
    else:
        kind, span = misfit.type, _span(misfit)
        span = (behind[1], behind[1]) if kind == "$END" else span
    expected = frozenset(getattr(error, "expected", ()))
    return _Stop(text, kind, span, before, behind, expected, *paired(text))


def _span(token: Token) -> Span:
    return token.start_pos or 0, token.end_pos or 0


def _bracket(stop: _Stop) -> Finding | None:
    """A bracket without a partner."""
    at, unclosed = stop.span[0], [i for i in stop.alone if stop.text[i] in CLOSES]
    if at in stop.alone and stop.kind in ("RPAR", "RBRACE"):
        return f"{stop.word} closes nothing", stop.span, "delete it, or open a bracket before"
    earlier = max((i for i in unclosed if i < at), default=at)
    ended = stop.kind in ("$END", "SEPARATOR", "ASSIGN", "RPAR", "RBRACE")
    if earlier < at and (ended or (stop.kind and "\n" in stop.text[earlier:at])):
        mark = stop.text[earlier]
        return f"{mark} is never closed", (earlier, earlier + 1), f"add {CLOSES[mark]}"
    return None


def _operator(stop: _Stop) -> Finding | None:
    """An operator of another language, which may have been read as two of ours."""
    at = stop.span[0]
    for start in range(max(0, at - 2), at + 1):
        match = _OPERATOR.match(stop.text, start)
        if match and match.end() >= at:
            left = f"{stop.left}(x)" if _is_function(stop.left) else stop.left
            right = stop.right(match.end())
            cure = _OPERATORS[match[0]].format(left=left, right=right)
            return f"{match[0]} is not an operator here", match.span(), cure
    return None


def _character(stop: _Stop) -> Finding | None:
    """A character that begins nothing."""
    if stop.kind:
        return None
    if stop.word == "[":
        return _subscript(stop)
    if stop.word == ".":
        name = stop.right(stop.span[1])
        cure = f"write {name}" if stop.left in _MODULES else ""
        return "attributes have no meaning here", stop.span, cure
    if stop.word in "\"'":
        cure = "a name has no prime" if stop.after_operand else ""
        return "the string is not closed", stop.span, cure
    cure = "LaTeX is not read: write sin(x), a/b, x**2" if stop.word == "\\" else ""
    return f"{stop.word} has no meaning here", stop.span, cure


def _subscript(stop: _Stop) -> Finding:
    """An opening square bracket."""
    if not stop.after_operand:
        return "lists have no meaning here", stop.span, "for several outputs write x, y"
    index = re.compile(r"\[ *([0-9]{1,20}) *\]").match(stop.text, stop.span[0])
    cure = f"as a name write {stop.left}{index[1]}" if index and stop.before == "NAME" else ""
    return "subscripts have no meaning here", stop.span, cure


def _keyword(stop: _Stop) -> Finding | None:
    """A word that Python reserves and that a formula has no use for."""
    if stop.kind != "KEYWORD":
        return None
    if stop.word in ("True", "False"):
        cure = "conditions are comparisons such as x > 0"
        return f"{stop.word} is not a number", stop.span, cure
    used_as_name = re.compile(r"[ \t]*(?:[-+*/%(),;<>!=}\r\n#]|$)").match(stop.text, stop.span[1])
    cure = f"as a name write {stop.word}_" if used_as_name else ""
    return f"{stop.word} is a Python keyword", stop.span, cure


def _string(stop: _Stop) -> Finding | None:
    """A string that is no label."""
    if stop.kind != "STRING":
        return None
    if "RBRACE" in stop.expected:
        return f"a comma is missing before {stop.word}", stop.span, ""
    cure = 'strings are the labels of outputs: {"label": x, …}'
    return "a string is not part of an expression", stop.span, cure


def _assignment(stop: _Stop) -> Finding | None:
    """An equals sign that assigns nothing."""
    if stop.kind != "ASSIGN":
        return None
    if stop.before == "ASSIGN":
        return "= stands twice", stop.span, "write = once to assign, == to compare"
    if not stop.after_operand:
        return "= has nothing on its left", stop.span, "write name = …"
    cure = f"to compare write {stop.left} == {stop.right(stop.span[1])}"
    argument = re.search(r"[(,]\s*$", stop.text[max(0, stop.behind[0] - 80) : stop.behind[0]])
    if argument and stop.inside:
        return "arguments have no names", (stop.behind[0], stop.span[1]), cure
    if stop.before == "RPAR" and not stop.left.startswith("("):
        cure = "a header f(x, y) = stands first and lists only names"
    return "only a name at the start of a statement can be assigned to", stop.span, cure


def _adjacent(stop: _Stop) -> Finding | None:
    """Two operands with nothing between them."""
    if not stop.after_operand or stop.kind not in ("NAME", "NUMBER", "LPAR"):
        return None
    left, right = stop.left, stop.right(stop.span[0])
    product, call = f"write {left}*{right}", f"write {left}({right})"
    if stop.before == "NAME" and _is_function(left):
        cure = call
    elif stop.before == "NAME" and not right.endswith(")"):
        cure = f"for a product {product}, for a call {call}"
    else:
        cure = product
    return f"an operator is missing between {left} and {right}", stop.span, cure


def _unfinished(stop: _Stop) -> Finding | None:
    """An `if` without its `else`."""
    if "ELSE" not in stop.expected or stop.kind not in ("$END", "SEPARATOR", "RPAR", "COMMA"):
        return None
    return "else is missing", stop.span, "write a if condition else b"


def _operand(stop: _Stop) -> Finding | None:
    """An operator with nothing on one side."""
    if stop.kind == "NOT":
        return "not needs parentheses here", stop.span, f"write (not {stop.right(stop.span[1])})"
    if stop.before in _BINARY and stop.kind:
        cure = _LINES if stop.kind == "SEPARATOR" and stop.word != ";" else ""
        return f"{stop.last} has nothing on its right", stop.behind, cure
    if stop.kind in _BINARY and not stop.after_operand:
        unpacking = stop.kind in ("TIMES", "POWER") and stop.before in ("LPAR", "COMMA")
        cure = "write every argument out" if unpacking else ""
        cure = "write a if condition else b" if stop.kind == "IF" else cure
        return f"{stop.word} has nothing on its left", stop.span, cure
    return None


def _missing(stop: _Stop) -> Finding | None:
    """Brackets or commas with nothing between them."""
    if stop.before == "LBRACE":
        return "a label is missing", stop.span, 'write {"label": expression}'
    if stop.before == "LPAR" and stop.kind == "RPAR":
        return "the parentheses are empty", (stop.behind[0], stop.span[1]), ""
    if stop.kind == "COMMA" and not stop.after_operand:
        return "an expression is missing before the comma", stop.span, ""
    return None


def _misfit(stop: _Stop) -> Finding:
    """Anything else."""
    if stop.kind == "COMMA":
        cure = "commas stand between arguments, and between outputs in the last statement"
        return "a comma does not fit here", stop.span, cure
    if stop.kind == "$END":
        return "the formula ends too early", stop.span, ""
    separator = "a semicolon" if stop.word.startswith(";") else "a new line"
    what = separator if stop.kind == "SEPARATOR" else stop.word
    return f"{what} does not fit here", stop.span, ""


def _is_function(name: str) -> bool:
    """Return whether a name is usually that of a function."""
    return callable(getattr(math, name, None)) or name in ("abs", "max", "min", "ln")


_FINDINGS: tuple[Callable[[_Stop], Finding | None], ...] = (
    *(_bracket, _operator, _character, _keyword, _string, _assignment, _adjacent),
    *(_unfinished, _operand, _missing, _misfit),
)
