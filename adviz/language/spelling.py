"""How the smallest parts of a formula are spelled: characters, names, numbers, labels, brackets."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from contextlib import suppress
from keyword import iskeyword
from math import isfinite
from unicodedata import decomposition, normalize
from unicodedata import name as unicode_name

from adviz.errors import FormulaError, GraphError, Span

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Control characters, lone surrogates, and characters without width or that reorder the text."""

_HALF = re.compile("[\ud800-\udfff]")

_CHARACTERS = (
    dict.fromkeys("−–—‐‑‒―", "write -")
    | dict.fromkeys("×·⋅∙∗•✕✖", "write *")
    | dict.fromkeys("÷∕⁄", "write /")
    | {"≤": "write <=", "≥": "write >=", "≠": "write !=", "≈": "write =="}
    | {"∧": "write and", "∨": "write or", "¬": "write not", "√": "write sqrt{held}"}
    | dict.fromkeys("“”„‟‘’‚‛«»", "write \" or '")
)
"""What to write in place of a character that looks like mathematics."""

_BRACKETS = re.compile(r"""#[^\n\r]*|"(?:[^"\\\n\r]|\\.)*+"?|'(?:[^'\\\n\r]|\\.)*+'?|[()\[\]{}]""")
"""A bracket, or a comment or string whose brackets do not count."""
_OPERAND = re.compile(r"[-+]?[\w.]*")
CLOSES = {"(": ")", "[": "]", "{": "}"}
"""Every opening bracket with the one that closes it."""


def refuse_hidden(text: str) -> None:
    """Raise FormulaError if the text has a character that cannot be seen."""
    found = _HIDDEN.search(text)
    if found:
        # A terminal could not show it, a file not even hold it: only its place is repeated.
        shown = _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
        message = f"there is an invisible character, {_titled(found[0])}"
        raise FormulaError(message, shown, found.span(), "delete it")


def refuse_halves(texts: Collection[str]) -> None:
    """Raise GraphError if a name or a remark holds half a character, which no file can.

    >>> refuse_halves(["x", "α"])
    """
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        text, half = next((text, found[0]) for text in texts if (found := _HALF.search(text)))
        raise GraphError(
            f"{text[:40]!r} holds {_titled(half)}, half a character, which no file can hold; "
            f"delete it or write another name"
        ) from None


def read_name(text: str, span: Span) -> str:
    """Return a name in NFKC form; raise FormulaError where it is no identifier."""
    written = text[slice(*span)]
    for at, character in enumerate(written, span[0]):
        raised = decomposition(character).startswith("<super>")
        if raised or character in _CHARACTERS or not f"a{character}".isidentifier():
            raise _foreign(text, at)
    if not written.isidentifier():
        raise _foreign(text, span[0])
    name = normalize("NFKC", written)
    if iskeyword(name):
        message = f"{name} is a Python keyword"
        raise FormulaError(message, text, span, f"as a name write {name}_")
    return name


def shortened(text: str, room: int = 24) -> str:
    """Return a text on one line that an error can repeat."""
    return text if len(text) <= room and "\n" not in text else text[:room].split("\n")[0] + "…"


def read_number(text: str, span: Span) -> int | float:
    """Return a literal's value; refuse what float64 cannot hold."""
    written = text[span[0] : span[1]].replace("_", "").lower()
    if written.isdigit() and written[0] == "0":
        plain = written.lstrip("0")
        if not plain:
            return 0
        cure = f"write {shortened(plain)}"
        raise FormulaError("a whole number does not begin with 0", text, span, cure)
    with suppress(OverflowError):
        value = _value(written)
        if isfinite(value):
            return value
    raise FormulaError("the number is too large for floating point", text, span)


def _value(written: str) -> int | float:
    if written[1:2] in ("x", "o", "b"):
        return int(written, 0)
    # Python refuses to read a decimal integer of thousands of digits; float does not.
    return int(written) if written.isdigit() and len(written) < 310 else float(written)


def read_label(text: str, span: Span) -> str:
    """Return the content of a string, with JSON's escapes."""
    spelled = {"\\'": "'", '"': '\\"'}
    body = re.sub(r'\\.|"', lambda m: spelled.get(m[0], m[0]), text[span[0] + 1 : span[1] - 1])
    try:
        label: str = json.loads(f'"{body}"', strict=False)
        label.encode()  # fails for half a surrogate pair
    except ValueError:
        cure = r"write \\ for a backslash"
        raise FormulaError("the label cannot be read", text, span, cure) from None
    return label


def paired(text: str) -> tuple[dict[int, int], list[int]]:
    """Return every bracket's partner, and the brackets that have none."""
    partner: dict[int, int] = {}
    opened: list[int] = []
    alone: list[int] = []
    for match in _BRACKETS.finditer(text):
        at, mark = match.start(), match[0]
        if mark in CLOSES:
            opened.append(at)
        elif mark in (")", "]", "}"):
            if opened and CLOSES[text[opened[-1]]] == mark:
                partner[at] = opened.pop()
                partner[partner[at]] = at
            else:
                alone.append(at)
    return partner, sorted(alone + opened)


def left_operand(text: str, end: int, partner: dict[int, int]) -> str:
    """Return the operand that ends at an offset: a number, name, call or brackets."""
    while text[end - 1 : end] in (" ", "\t"):
        end -= 1
    start = partner.get(end - 1, end) if text[end - 1 : end] == ")" else end
    start -= len(re.split(r"[^\w.]", text[max(0, start - 80) : start])[-1])
    return shortened(text[start:end])


def right_operand(text: str, at: int, partner: dict[int, int]) -> str:
    """Return the operand that begins at an offset: a number, name, call or brackets."""
    ahead = text[at : at + 80]
    start = at + len(ahead) - len(ahead.lstrip(" \t"))
    sign_and_word = _OPERAND.match(text, start)
    end = sign_and_word.end() if sign_and_word else start
    if text[end : end + 1] == "(" and not text[start : start + 1].isdigit():
        end = partner.get(end, end) + 1
    return shortened(text[start:end])


def _titled(character: str) -> str:
    """Return a character's code and name."""
    surrogate = "\ud800" <= character <= "\udfff"
    default = "lone surrogate" if surrogate else "control character"
    return f"U+{ord(character):04X} ({unicode_name(character, default).lower()})"


def _foreign(text: str, at: int) -> FormulaError:
    """Return the error for a character beyond ASCII that is no letter."""
    end = at + 1
    script = decomposition(text[at]).split(" ")[0]
    if script in ("<super>", "<sub>"):
        while end < len(text) and decomposition(text[end]).startswith(script):
            end += 1
    shown = "" if text[at].isspace() else f"{text[at]}, "
    message = f"{shown}{_titled(text[at])}, has no meaning here"
    return FormulaError(message, text, (at, end), _in_ascii(text, (at, end), script))


def _in_ascii(text: str, span: Span, script: str) -> str:
    """Return what to write in place of characters that stand raised, lowered or wide."""
    partner, _ = paired(text)
    plain = normalize("NFKC", text[slice(*span)]).translate({0x2044: "/", 0x2212: "-"})
    if text[span[0]] in _CHARACTERS:
        right = right_operand(text, span[1], partner)
        held = right if right.startswith("(") else f"({right})"
        return _CHARACTERS[text[span[0]]].format(held=held)
    if script == "<super>":
        power = shortened(plain if re.fullmatch(r"-?\w+", plain) else f"({plain})")
        return f"for a power write {left_operand(text, span[0], partner)}**{power}"
    if script == "<sub>":
        return f"write {left_operand(text, span[0], partner)}{shortened(plain)}"
    if plain.isspace():
        return "write an ordinary space"
    return f"write {plain}" if plain.isascii() else ""
