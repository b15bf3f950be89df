"""How mathematics is written: one small tree, printed as Unicode, ASCII, LaTeX or MathML.

A tree is a tuple `(kind, *parts)`, plain enough for JSON: `("name", "x1")`, `("number", "2")`,
`("slot", key)`, `("op", "+")`, `("text", "if")`, `("mark", role, part)`, and the composites `row`,
`group`, `neg`, `frac`, `power`, `root`, `abs`, `call`, `dot`, `bar`, `partial`. Slots stand for
numbers, which a printer looks up, so that one tree serves every frame, point and medium.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from adviz.primitives import Primitive

Tree = tuple[Any, ...]
"""A formula to be printed: `(kind, *parts)`."""

Slots = Callable[[str], str]
"""Gives the text that stands in a slot."""

PRECEDENCE = {
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "//", "%"), 6),
    "neg": 7,
    "**": 8,
}
"""How tightly an operator binds, as in Python."""

ATOM = 9
_SIGNS = {"*": "×", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "//": "//", "%": "mod"}
_ASCII = {"×": "*", "·": "*", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "⇒": "=>", "→": "->"}
_LATEX_SIGNS = {
    "×": r"\times",
    "·": r"\cdot",
    "−": "-",
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "⇒": r"\Rightarrow",
    "→": r"\to",
    "+=": r"\mathrel{+}=",
    "mod": r"\bmod",
    "and": r"\wedge",
    "or": r"\vee",
    "not": r"\neg",
}
_LATEX_FUNCTIONS = frozenset(
    "sin cos tan sec csc cot sinh cosh tanh coth exp log min max arcsin arccos "
    "arctan".split()  # noqa: SIM905 - a list of words reads best as words
)
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "sigma tau upsilon phi chi psi omega".split()  # noqa: SIM905 - words read best as words
)
_LETTERS = dict(zip(_GREEK, "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
_LETTERS |= {name.capitalize(): letter.upper() for name, letter in _LETTERS.items()}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_LATEX_SPECIAL = {
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "−": r"\ensuremath{-}",
}


def tree(kind: str, *parts: Any) -> Tree:
    """Return a node of a notation tree."""
    return (kind, *parts)


def name(text: str) -> Tree:
    """Return a variable."""
    return ("name", text)


def op(sign: str) -> Tree:
    """Return an operator sign, printed with space around it."""
    return ("op", sign)


def row(*parts: Tree) -> Tree:
    """Return parts side by side."""
    return ("row", *parts)


def number(text: str) -> Tree:
    """Return a literal number."""
    return ("number", text)


def applied(primitive: Primitive, operands: Sequence[Tree]) -> Tree:
    """Return a row applied to operands that need no parentheses of their own.

    >>> from adviz.primitives import TABLE
    >>> unicode_text(applied(TABLE["sub"], [name("x"), name("y1")]))
    'x − y₁'
    """
    special = _SPECIAL.get(primitive.name)
    if special is not None:
        return special(*operands)
    if primitive.symbol and len(operands) == 2:
        return row(operands[0], op(_SIGNS.get(primitive.symbol, primitive.symbol)), operands[1])
    if primitive.symbol:
        return row(op(primitive.symbol), operands[0])
    return ("call", primitive.label or primitive.name, *operands)


_SPECIAL: dict[str, Callable[..., Tree]] = {
    "neg": lambda x: ("neg", x),
    "div": lambda x, y: ("frac", x, y),
    "pow": lambda x, y: ("power", x, y),
    "sqrt": lambda x: ("root", x),
    "abs": lambda x: ("abs", x),
}


def binding(primitive: Primitive) -> int:
    """Return how tightly a row binds when it is written as an operator."""
    key = "neg" if primitive.name == "neg" else primitive.symbol
    return PRECEDENCE.get(key, ATOM)


def nested(primitive: Primitive, operands: Sequence[tuple[Tree, int]]) -> tuple[Tree, int]:
    """Return a row applied to operands, each with how tightly it binds, and the same of it.

    Parentheses are put where the printed form needs them: a fraction bar, a root and a
    function's own parentheses already hold their contents together.
    """
    own = binding(primitive)
    enclosing = primitive.name in ("div", "sqrt", "abs") or not primitive.symbol
    if primitive.name == "pow":
        base, exponent = operands
        return ("power", _grouped(*base, ATOM), exponent[0]), own
    if enclosing:
        return applied(primitive, [part for part, _ in operands]), ATOM if own == ATOM else 6
    strict = primitive.name not in ("add", "mul", "and", "or")
    parts = [
        _grouped(part, bound, own + (position > 0 and strict) + (primitive.name == "neg"))
        for position, (part, bound) in enumerate(operands)
    ]
    if primitive.name == "mul":
        return _product(*parts), own
    return applied(primitive, parts), own


def _grouped(part: Tree, bound: int, needed: int) -> Tree:
    """Return a part, in parentheses when it binds more loosely than needed."""
    return part if bound >= needed else ("group", part)


def _product(left: Tree, right: Tree) -> Tree:
    """Return a product; parentheses and a number before a name stand side by side."""
    close = right[0] == "group" or (left[0] == "number" and right[0] not in ("number", "row"))
    return row(left, right) if close else row(left, op("·"), right)


def letters(text: str) -> tuple[str, str]:
    """Return a variable's letters and its subscript, Greek names as letters.

    >>> letters("theta_1"), letters("x12"), letters("loss")
    (('θ', '1'), ('x', '12'), ('loss', ''))
    """
    match = re.fullmatch(r"([^\W\d_]+)_?(\d+)|([^\W\d_]+)_(\w+)", text)
    if match is None:
        return _LETTERS.get(text, text), ""
    stem, index = match[1] or match[3], match[2] or match[4]
    return _LETTERS.get(stem, stem), index


# --- Unicode and ASCII -------------------------------------------------------------------------


def no_slots(key: str) -> str:
    """Return the key itself, for trees printed without numbers."""
    return key


def unicode_text(part: Tree, slots: Slots = no_slots) -> str:
    """Return a tree as one line of Unicode text."""
    return _UNICODE[part[0]](part[1:], slots)


def ascii_text(part: Tree, slots: Slots = no_slots) -> str:
    """Return a tree as one line of ASCII, as one would type it; author's letters stay."""
    return _TYPED[part[0]](part[1:], slots)


Printer = Callable[[Sequence[Any], Slots], str]


def _unicode_name(parts: Sequence[Any], _: Slots) -> str:
    stem, index = letters(parts[0])
    return stem + (index.translate(_SUBSCRIPTS) if index.isdigit() else index and f"_{index}")


def _accented(mark: str) -> Printer:
    def print_accent(parts: Sequence[Any], slots: Slots) -> str:
        text = unicode_text(parts[0], slots)
        return text[0] + mark + text[1:]

    return print_accent


def _unicode_power(parts: Sequence[Any], slots: Slots) -> str:
    base, exponent = (unicode_text(part, slots) for part in parts)
    raised = exponent.translate(_SUPERSCRIPTS)
    simple = re.fullmatch(r"[-−]?\d+", exponent)
    return base + raised if simple else f"{base}^{_held(parts[1], exponent)}"


def _held(part: Tree, text: str) -> str:
    """Return a part's text, in parentheses unless it holds together by itself."""
    return text if part[0] not in ("row", "neg", "frac") else f"({text})"


def _unicode_frac(parts: Sequence[Any], slots: Slots) -> str:
    return "/".join(_held(part, unicode_text(part, slots)) for part in parts)


def _joined(printer: Callable[[Tree, Slots], str], before: str, after: str) -> Printer:
    return lambda parts, slots: before + "".join(printer(p, slots) for p in parts) + after


def _called(printer: Callable[[Tree, Slots], str]) -> Printer:
    return lambda parts, slots: (
        f"{parts[0]}({', '.join(printer(part, slots) for part in parts[1:])})"
    )


def _spaced(parts: Sequence[Any], _: Slots) -> str:
    sign = parts[0]
    return f"{sign} " if sign in (",", "not") else f" {sign} "


_UNICODE: Mapping[str, Printer] = {
    "name": _unicode_name,
    "number": lambda parts, _: parts[0].replace("-", "−"),
    "slot": lambda parts, slots: slots(parts[0]),
    "text": lambda parts, _: parts[0],
    "op": _spaced,
    "row": _joined(unicode_text, "", ""),
    "group": _joined(unicode_text, "(", ")"),
    "neg": _joined(unicode_text, "−", ""),
    "abs": _joined(unicode_text, "|", "|"),
    "root": _joined(unicode_text, "√(", ")"),
    "call": _called(unicode_text),
    "frac": _unicode_frac,
    "power": _unicode_power,
    "dot": _accented("\u0307"),
    "bar": _accented("\u0304"),
    "partial": lambda parts, slots: "∂{}/∂{}".format(*(unicode_text(p, slots) for p in parts)),
    "mark": lambda parts, slots: unicode_text(parts[1], slots),
}


def _typed_power(parts: Sequence[Any], slots: Slots) -> str:
    return "**".join(_held(part, ascii_text(part, slots)) for part in parts)


_TYPED: Mapping[str, Printer] = {
    **_UNICODE,
    "name": lambda parts, _: parts[0],
    "number": lambda parts, _: parts[0],
    "op": lambda parts, _: _spaced((_ASCII.get(parts[0], parts[0]),), no_slots),
    "row": _joined(ascii_text, "", ""),
    "group": _joined(ascii_text, "(", ")"),
    "neg": _joined(ascii_text, "-", ""),
    "abs": _joined(ascii_text, "abs(", ")"),
    "root": _joined(ascii_text, "sqrt(", ")"),
    "call": _called(ascii_text),
    "frac": lambda parts, slots: "/".join(_held(p, ascii_text(p, slots)) for p in parts),
    "power": _typed_power,
    "dot": _joined(ascii_text, "tangent of ", ""),
    "bar": _joined(ascii_text, "adjoint of ", ""),
    "partial": lambda parts, slots: "d({})/d({})".format(*(ascii_text(p, slots) for p in parts)),
    "mark": lambda parts, slots: ascii_text(parts[1], slots),
}


# --- LaTeX -------------------------------------------------------------------------------------


def latex(part: Tree, slots: Slots = no_slots) -> str:
    """Return a tree as LaTeX, for math mode."""
    return _LATEX[part[0]](part[1:], slots)


def latex_escape(text: str) -> str:
    """Return plain text for LaTeX's text mode; nothing in it is a command."""
    return "".join(_LATEX_SPECIAL.get(character, character) for character in text)


def _latex_letters(stem: str) -> str:
    greek = {letter: word for word, letter in _LETTERS.items()}.get(stem)
    if greek is not None and greek.lower() != "omicron":
        return f"\\{greek}" if stem.islower() or stem in "ΓΔΘΛΞΠΣΥΦΨΩ" else greek[0]
    if re.fullmatch(r"[A-Za-z]", stem):
        return stem
    return f"\\mathit{{{stem}}}" if re.fullmatch(r"[A-Za-z]+", stem) else _latex_upright(stem)


def _latex_upright(text: str) -> str:
    return f"\\text{{{latex_escape(text)}}}"


def _latex_name(parts: Sequence[Any], _: Slots) -> str:
    stem, index = letters(parts[0])
    if not index:
        return _latex_letters(stem)
    simple = re.fullmatch(r"[0-9A-Za-z]+", index)
    return f"{_latex_letters(stem)}_{{{index if simple else _latex_upright(index)}}}"


def _latex_call(parts: Sequence[Any], slots: Slots) -> str:
    function = parts[0]
    head = f"\\{function}" if function in _LATEX_FUNCTIONS else _latex_function(function)
    inner = ", ".join(latex(part, slots) for part in parts[1:])
    return f"{head}\\left({inner}\\right)"


def _latex_function(function: str) -> str:
    if function in _LETTERS.values():
        return _latex_letters(function)
    return f"\\operatorname{{{latex_escape(function)}}}"


def _latex_number(text: str) -> str:
    mantissa, mark, exponent = text.replace("−", "-").partition("e")
    return f"{mantissa} \\cdot 10^{{{int(exponent)}}}" if mark else latex_plain(mantissa)


def latex_plain(text: str) -> str:
    """Return a number's text for math mode; words such as inf stand upright."""
    infinite = {"∞": r"\infty", "-∞": r"-\infty"}.get(text)
    return infinite or (text if re.fullmatch(r"[-+0-9./]+", text) else _latex_upright(text))


def _latex_op(parts: Sequence[Any], _: Slots) -> str:
    return f" {_LATEX_SIGNS.get(parts[0], latex_escape(parts[0]))} "


def _latex_frac(parts: Sequence[Any], slots: Slots) -> str:
    return "\\frac{{{}}}{{{}}}".format(*(latex(part, slots) for part in parts))


_LATEX: Mapping[str, Printer] = {
    "name": _latex_name,
    "number": lambda parts, _: _latex_number(parts[0]),
    "slot": lambda parts, slots: _latex_number(slots(parts[0])),
    "text": lambda parts, _: _latex_upright(parts[0]),
    "op": _latex_op,
    "row": lambda parts, slots: _collapsed("".join(latex(part, slots) for part in parts)),
    "group": _joined(latex, "\\left(", "\\right)"),
    "neg": _joined(latex, "-", ""),
    "abs": _joined(latex, "\\left|", "\\right|"),
    "root": _joined(latex, "\\sqrt{", "}"),
    "call": _latex_call,
    "frac": _latex_frac,
    "power": lambda parts, slots: "{{{}}}^{{{}}}".format(*(latex(p, slots) for p in parts)),
    "dot": _joined(latex, "\\dot{", "}"),
    "bar": _joined(latex, "\\bar{", "}"),
    "partial": lambda parts, slots: "\\frac{{\\partial {}}}{{\\partial {}}}".format(
        *(latex(part, slots) for part in parts)
    ),
    "mark": lambda parts, slots: latex(parts[1], slots),
}


def _collapsed(text: str) -> str:
    return re.sub(r"  +", " ", text).strip()


# --- MathML ------------------------------------------------------------------------------------


def mathml(part: Tree, slots: Slots = no_slots) -> str:
    """Return a tree as a MathML Core element for HTML."""
    return f"<math>{_mathml(part, slots)}</math>"


def _mathml(part: Tree, slots: Slots) -> str:
    return _MATHML[part[0]](part[1:], slots)


def _element(tag: str) -> Printer:
    return lambda parts, slots: f"<{tag}>{''.join(_mathml(p, slots) for p in parts)}</{tag}>"


def _token(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>"


def _fenced(before: str, after: str) -> Printer:
    return lambda parts, slots: (
        f"<mrow>{_token('mo', before)}{''.join(_mathml(p, slots) for p in parts)}"
        f"{_token('mo', after)}</mrow>"
    )


def _mathml_name(parts: Sequence[Any], _: Slots) -> str:
    stem, index = letters(parts[0])
    base = _token("mi", stem)
    if not index:
        return base
    return f"<msub>{base}{_token('mn' if index.isdigit() else 'mi', index)}</msub>"


def _mathml_number(text: str) -> str:
    return _token("mn", text.replace("-", "−"))


def _mathml_call(parts: Sequence[Any], slots: Slots) -> str:
    inner = _token("mo", ",").join(_mathml(part, slots) for part in parts[1:])
    function = _token("mi", parts[0])
    return f"<mrow>{function}<mrow>{_token('mo', '(')}{inner}{_token('mo', ')')}</mrow></mrow>"


def _mathml_accent(mark: str) -> Printer:
    return lambda parts, slots: (
        f'<mover accent="true">{_mathml(parts[0], slots)}{_token("mo", mark)}</mover>'
    )


def _mathml_partial(parts: Sequence[Any], slots: Slots) -> str:
    above, below = (f"<mrow><mo>∂</mo>{_mathml(part, slots)}</mrow>" for part in parts)
    return f"<mfrac>{above}{below}</mfrac>"


_MATHML: Mapping[str, Printer] = {
    "name": _mathml_name,
    "number": lambda parts, _: _mathml_number(parts[0]),
    "slot": lambda parts, slots: _mathml_number(slots(parts[0])),
    "text": lambda parts, _: _token("mtext", parts[0]),
    "op": lambda parts, _: _token("mo", parts[0]),
    "row": _element("mrow"),
    "group": _fenced("(", ")"),
    "neg": lambda parts, slots: f"<mrow><mo>−</mo>{_mathml(parts[0], slots)}</mrow>",
    "abs": _fenced("|", "|"),
    "root": _element("msqrt"),
    "call": _mathml_call,
    "frac": _element("mfrac"),
    "power": _element("msup"),
    "dot": _mathml_accent("˙"),
    "bar": _mathml_accent("¯"),
    "partial": _mathml_partial,
    "mark": lambda parts, slots: (
        f'<mrow class="{escape(parts[0], quote=True)}">{_mathml(parts[1], slots)}</mrow>'
    ),
}
