"""Why a text is not a formula, and what its author probably meant.

The parser says only where it stopped. Each of `_FINDINGS` recognises one kind of mistake from
what stands there and just before; the first that does gives the error its words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from typing import TYPE_CHECKING
from unicodedata import decomposition, normalize
from unicodedata import name as unicode_name

from adviz.errors import FormulaError, Span

if TYPE_CHECKING:
    from lark import Token, UnexpectedInput

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Control characters, lone surrogates, and characters without width or that reorder the text."""

_CHARACTERS = {
    **dict.fromkeys("−–—‐‑‒―", "write -"),
    **dict.fromkeys("×·⋅∙∗•✕✖", "write *"),
    **dict.fromkeys("÷∕⁄", "write /"),
    **{"≤": "write <=", "≥": "write >=", "≠": "write !=", "≈": "write =="},
    **{"∧": "write and", "∨": "write or", "¬": "write not", "√": "write sqrt{held}"},
    **dict.fromkeys("“”„‟‘’‚‛«»", 'write " or \''),
}
"""What to write in place of a character that looks like mathematics."""

_OPERATORS = {
    "^": "for a power write {left}**{right}",
    **dict.fromkeys(("&", "&&"), "write and"),
    **dict.fromkeys(("|", "||"), "write or; for an absolute value write abs(…)"),
    **dict.fromkeys(("!", "~"), "for a negation write not"),
    **dict.fromkeys(("++", "--"), "write + 1 or - 1"),
    **dict.fromkeys(("+=", "-=", "*=", "/=", "**=", "//=", "%=", "^="), "assign to a new name"),
    "@": "for a product write *",
    ":=": "write name = … as a statement of its own",
    "?": "write a if condition else b",
    **{"=>": "write >=", "=<": "write <=", "<>": "write !=", "===": "write ==", "!==": "write !="},
    **{"<<": "for a product write *2**", ">>": "for a quotient write //2**"},
}
"""What to write in place of another language's operator."""

_OPERATOR = re.compile(
    "(?:" + "|".join(map(re.escape, sorted(_OPERATORS, key=len, reverse=True))) + ")(?!=)"
)
_BRACKETS = re.compile(r"""#[^\n\r]*|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|[()\[\]{}]""")
_CLOSES = {"(": ")", "[": "]", "{": "}"}
_MODULES = frozenset("math cmath np numpy jnp jax torch tf sp sympy scipy mp mpmath".split())
_BINARY = frozenset("ASSIGN COMPARE POWER TIMES SIGN AND OR NOT IF ELSE ASSERT COLON".split())


def refuse_hidden(text: str) -> None:
    """Raise FormulaError if the text has a character that cannot be seen."""
    found = _HIDDEN.search(text)
    if found:
        # A terminal could not show it, a file not even hold it: only its place is repeated.
        shown = _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
        message = f"there is an invisible character, {_titled(found[0])}"
        raise FormulaError(message, shown, found.span(), "delete it")


def identifier(text: str, start: int, end: int) -> str:
    """Return a name in NFKC form; raise FormulaError where it is no identifier."""
    written = text[start:end]
    for at, character in enumerate(written, start):
        raised = decomposition(character).startswith("<super>")
        if raised or character in _CHARACTERS or not f"a{character}".isidentifier():
            raise _foreign(text, at)
    if not written.isidentifier():
        raise _foreign(text, start)
    name = normalize("NFKC", written)
    if iskeyword(name):
        message = f"{name} is a Python keyword"
        raise FormulaError(message, text, (start, end), f"as a name write {name}_")
    return name


def shortened(text: str, room: int = 24) -> str:
    """Return a text on one line that an error can repeat."""
    return text if len(text) <= room and "\n" not in text else text[:room].split("\n")[0] + "…"


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
    def token(self) -> str:
        return shortened(self.text[slice(*self.span)])

    @property
    def last(self) -> str:
        return shortened(self.text[slice(*self.behind)])

    @property
    def after_operand(self) -> bool:
        return self.before in ("NAME", "NUMBER", "RPAR")

    @property
    def left(self) -> str:
        """The operand that ends just before."""
        if self.before in ("NAME", "NUMBER"):
            return self.last
        return _left(self.text, self.behind[1], self.partner) if self.after_operand else "…"

    def right(self, at: int) -> str:
        """Return the operand that begins at an offset."""
        return _right(self.text, at, self.partner)


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
    return _Stop(text, kind, span, before, behind, expected, *_paired(text))


def _span(token: Token) -> Span:
    return token.start_pos or 0, token.end_pos or 0


def _paired(text: str) -> tuple[dict[int, int], list[int]]:
    """Return every bracket's partner, and the brackets that have none."""
    partner: dict[int, int] = {}
    opened: list[int] = []
    alone: list[int] = []
    for match in _BRACKETS.finditer(text):
        at, mark = match.start(), match[0]
        if mark in _CLOSES:
            opened.append(at)
        elif mark in (")", "]", "}"):
            if opened and _CLOSES[text[opened[-1]]] == mark:
                partner[at] = opened.pop()
                partner[partner[at]] = at
            else:
                alone.append(at)
    return partner, sorted(alone + opened)


def _left(text: str, end: int, partner: dict[int, int]) -> str:
    """Return the operand that ends at an offset: a number, name, call or brackets."""
    start = partner.get(end - 1, end) if text[end - 1 : end] == ")" else end
    start -= len(re.split(r"[^\w.]", text[max(0, start - 80) : start])[-1])
    return shortened(text[start:end]) or "…"


def _right(text: str, at: int, partner: dict[int, int]) -> str:
    """Return the operand that begins at an offset: a number, name, call or brackets."""
    start, end = next(re.compile(r"[-+]?[\w.]*").finditer(text, at + _blank(text, at))).span()
    if text[end : end + 1] == "(":
        end = partner.get(end, end) + 1
    return shortened(text[start:end]) or "…"


def _blank(text: str, at: int) -> int:
    """Return how many spaces stand at an offset."""
    return len(text[at : at + 80]) - len(text[at : at + 80].lstrip(" \t"))


def _titled(character: str) -> str:
    """Return a character's code and name."""
    surrogate = "\ud800" <= character <= "\udfff"
    default = "lone surrogate" if surrogate else "control character"
    return f"U+{ord(character):04X} ({unicode_name(character, default).lower()})"


def _foreign(text: str, at: int) -> FormulaError:
    """Return the error for a character beyond ASCII that is no letter."""
    end = at + 1
    script = decomposition(text[at]).split(" ")[0]
    while script in ("<super>", "<sub>") and decomposition(text[end : end + 1] or " ").startswith(script):
        end += 1
    message = f"{text[at]}, {_titled(text[at])}, is not part of a formula"
    return FormulaError(message, text, (at, end), _in_ascii(text, (at, end), script))


def _in_ascii(text: str, span: Span, script: str) -> str:
    """Return what to write in place of characters that stand raised, lowered or wide."""
    partner, _ = _paired(text)
    plain = normalize("NFKC", text[slice(*span)]).translate({0x2044: "/", 0x2212: "-"})
    if text[span[0]] in _CHARACTERS:
        right = _right(text, span[1], partner)
        held = right if right.startswith("(") else f"({right})"
        return _CHARACTERS[text[span[0]]].format(held=held)
    if script == "<super>":
        power = plain if re.fullmatch(r"-?\w+", plain) else f"({plain})"
        return f"for a power write {_left(text, span[0], partner)}**{power}"
    if script == "<sub>":
        return f"write {_left(text, span[0], partner)}{plain}"
    if plain.isspace():
        return "write an ordinary space"
    return f"write {plain}" if plain.isascii() else ""


def _bracket(stop: _Stop) -> Finding | None:
    """A bracket without a partner."""
    at, unclosed = stop.span[0], [i for i in stop.alone if stop.text[i] in _CLOSES]
    if at in stop.alone and stop.kind in ("RPAR", "RBRACE"):
        return f"{stop.token} closes nothing", stop.span, "delete it, or open a bracket before"
    earlier = max((i for i in unclosed if i < at), default=at)
    ended = stop.kind in ("$END", "SEPARATOR", "ASSIGN", "RPAR", "RBRACE")
    if earlier < at and (ended or (stop.kind and "\n" in stop.text[earlier:at])):
        mark = stop.text[earlier]
        return f"{mark} is never closed", (earlier, earlier + 1), f"add {_CLOSES[mark]}"
    return None


def _operator(stop: _Stop) -> Finding | None:
    """An operator of another language, which may have been read as two of ours."""
    at = stop.span[0]
    for start in range(max(0, at - 2), at + 1):
        match = _OPERATOR.match(stop.text, start)
        if match and match.end() >= at:
            cure = _OPERATORS[match[0]].format(left=stop.left, right=stop.right(match.end()))
            return f"{match[0]} is not an operator here", match.span(), cure
    return None


def _character(stop: _Stop) -> Finding | None:
    """A character that begins nothing."""
    if stop.kind:
        return None
    if stop.token == "[":
        return _subscript(stop)
    if stop.token == ".":
        name = stop.right(stop.span[1])
        cure = f"write {name}" if stop.left in _MODULES else ""
        return "attributes are not part of a formula", stop.span, cure
    if stop.token in "\"'":
        return "the string is not closed", stop.span, ""
    cure = "write sin(x), a/b, x**2" if stop.token == "\\" else ""
    return f"{stop.token} is not part of a formula", stop.span, cure


def _subscript(stop: _Stop) -> Finding:
    """An opening square bracket."""
    if not stop.after_operand:
        return "lists are not part of a formula", stop.span, "for several outputs write x, y"
    index = re.compile(r"\[ *([0-9]{1,20}) *\]").match(stop.text, stop.span[0])
    cure = f"as a name write {stop.left}{index[1]}" if index and stop.before == "NAME" else ""
    return "subscripts are not part of a formula", stop.span, cure


def _keyword(stop: _Stop) -> Finding | None:
    """A word that Python reserves and that a formula has no use for."""
    if stop.kind != "KEYWORD":
        return None
    if stop.token in ("True", "False"):
        cure = "conditions are comparisons such as x > 0"
        return f"{stop.token} is not a number", stop.span, cure
    used_as_name = re.compile(r"[ \t]*(?:[-+*/%(),;<>!=}\r\n#]|$)").match(stop.text, stop.span[1])
    cure = f"as a name write {stop.token}_" if used_as_name else ""
    return f"{stop.token} is a Python keyword", stop.span, cure


def _string(stop: _Stop) -> Finding | None:
    """A string that is no label."""
    if stop.kind != "STRING":
        return None
    if "RBRACE" in stop.expected:
        return f"a comma is missing before {stop.token}", stop.span, ""
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
    if re.search(r"[(,][ \t\r\n]*$", stop.text[max(0, stop.behind[0] - 80) : stop.behind[0]]):
        return "arguments have no names", (stop.behind[0], stop.span[1]), cure
    cure += "; a header f(x, y) = stands first" if stop.before == "RPAR" else ""
    return "only a name at the start of a statement can be assigned to", stop.span, cure


def _adjacent(stop: _Stop) -> Finding | None:
    """Two operands with nothing between them."""
    if not stop.after_operand or stop.kind not in ("NAME", "NUMBER", "LPAR"):
        return None
    left, right = stop.left, stop.right(stop.span[0])
    product, call = f"write {left}*{right}", f"write {left}({right})"
    if stop.before == "NAME" and (hasattr(math, left) or left in ("abs", "max", "min", "ln")):
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
    lines = stop.text[slice(*stop.span)].strip(";") or stop.before == "SEPARATOR"
    cure = ""
    if stop.before in _BINARY and stop.kind:
        if stop.kind == "SEPARATOR" and lines:
            cure = "to go on in the next line, put parentheses around the formula"
        return f"{stop.last} has nothing on its right", stop.behind, cure
    if stop.kind in _BINARY and not stop.after_operand:
        if stop.kind in ("TIMES", "POWER") and stop.before in ("LPAR", "COMMA"):
            cure = "write every argument out"
        elif stop.kind == "IF":
            cure = "write a if condition else b"
        return f"{stop.token} has nothing on its left", stop.span, cure
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
    token = "a new line" if stop.kind == "SEPARATOR" and stop.token != ";" else stop.token
    return f"{token} does not fit here", stop.span, ""


_FINDINGS: tuple[Callable[[_Stop], Finding | None], ...] = (
    *(_bracket, _operator, _character, _keyword, _string, _assignment, _adjacent),
    *(_unfinished, _operand, _missing, _misfit),
)
