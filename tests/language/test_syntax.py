"""The text language: it reads what Python reads, and says what is wrong with the rest."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adviz.errors import FormulaError, Lines, Span
from adviz.language.grammar import parse


class Recorder:
    """A sink whose handles are texts in prefix form, and that remembers every call."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.spans: list[tuple[str, Span]] = []

    def number(self, value: int | float, span: Span) -> str:
        return self._noted(repr(value), span)

    def name(self, name: str, span: Span) -> str:
        return self._noted(name, span)

    def call(self, function: str, arguments: Sequence[str], span: Span) -> str:
        return self._noted(f"{function}({', '.join(arguments)})", span)

    def header(self, name: str, parameters: Sequence[str], span: Span) -> None:
        self.calls.append(f"header {name}({', '.join(parameters)})")

    def assign(self, name: str, value: str, span: Span) -> None:
        self.calls.append(f"{name} = {value}")

    def require(self, condition: str, span: Span) -> None:
        self.calls.append(f"assert {condition}")

    def _noted(self, handle: str, span: Span) -> str:
        self.spans.append((handle, span))
        return handle


class Counter:
    """A sink that only counts, so that deep formulas cost it nothing."""

    def __init__(self) -> None:
        self.count = 0

    def number(self, value: int | float, span: Span) -> int:
        return 0

    def name(self, name: str, span: Span) -> int:
        return 0

    def call(self, function: str, arguments: Sequence[int], span: Span) -> int:
        self.count += 1
        return self.count

    def header(self, name: str, parameters: Sequence[str], span: Span) -> None:
        self.count += 1

    def assign(self, name: str, value: int, span: Span) -> None:
        self.count += 1

    def require(self, condition: int, span: Span) -> None:
        self.count += 1


def read(text: str) -> str:
    """Return a single expression in prefix form."""
    ((_, handle),) = parse(text, Recorder())
    return handle


def refused(text: str) -> FormulaError:
    """Return the error that a text raises."""
    with pytest.raises(FormulaError) as caught:
        parse(text, Recorder())
    return caught.value


EXPRESSIONS = [
    ("-x**2", "neg(pow(x, 2))"),
    ("2**3**2", "pow(2, pow(3, 2))"),
    ("2**-1", "pow(2, neg(1))"),
    ("a - b - c", "sub(sub(a, b), c)"),
    ("a / b // c % d", "mod(floordiv(div(a, b), c), d)"),
    ("-+-x", "neg(neg(x))"),
    ("+x", "x"),
    ("a < b", "lt(a, b)"),
    ("a < b < c", "and(lt(a, b), lt(b, c))"),
    ("a <= b == c != d", "and(and(le(a, b), eq(b, c)), ne(c, d))"),
    ("(a < b) > c", "gt(lt(a, b), c)"),
    ("not a and b or c", "or(and(not(a), b), c)"),
    ("not x == y", "not(eq(x, y))"),
    ("a if c else b", "where(c, a, b)"),
    ("a if c else b if d else e", "where(c, a, where(d, b, e))"),
    ("f()", "f()"),
    ("f(x,)", "f(x)"),
    ("atan2(y, x,)", "atan2(y, x)"),
    ("(x\n +\n# between\n y)", "add(x, y)"),
    ("x \\\n + y", "add(x, y)"),
    ("x # the end", "x"),
    (";\n;x;\r\n;", "x"),
    ("1_000", "1000"),
    (".5", "0.5"),
    ("5.", "5.0"),
    ("4.0e-9", "4e-09"),
    ("1e5", "100000.0"),
    ("0x10 + 0b1 + 0o7", "add(add(16, 1), 7)"),
    ("00", "0"),
    ("1e-400", "0.0"),
    ("9" * 308, "9" * 308),
    ("α + ẋ1 + 变量", "add(add(α, ẋ1), 变量)"),
    ("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"),
    ("ｘ", "x"),
    ("lambda_ + E + I + gamma + iffy", "add(add(add(add(lambda_, E), I), gamma), iffy)"),
    ("pi", "pi"),
]


@pytest.mark.parametrize(("text", "prefix"), EXPRESSIONS, ids=[e[0][:30] for e in EXPRESSIONS])
def test_an_expression_means_what_it_means_in_python(text: str, prefix: str) -> None:
    assert read(text) == prefix


PROGRAMS: list[tuple[str, list[str], list[tuple[str | None, str]]]] = [
    ("a = x + y; a*a", ["a = add(x, y)"], [(None, "mul(a, a)")]),
    ("a = x\nb = a", ["a = x", "b = a"], [("b", "a")]),
    ("assert x > 0\nlog(x)", ["assert gt(x, 0)"], [(None, "log(x)")]),
    ("x, x*y, (y)", [], [("x", "x"), (None, "mul(x, y)"), (None, "y")]),
    ("(x, y,)", [], [("x", "x"), ("y", "y")]),
    ("x,", [], [("x", "x")]),
    ("(x), z", [], [(None, "x"), ("z", "z")]),
    ("{'f': x, \"df/dx\": 1,}", [], [("f", "x"), ("df/dx", "1")]),
    (
        '{"a\\"b\\\\\\ud83d\\ude00": x, \'it\\\'s "y"\': y}',
        [],
        [('a"b\\😀', "x"), ('it\'s "y"', "y")],
    ),
    ("f(x, y) = x*y", ["header f(x, y)"], [("f", "mul(x, y)")]),
    ("g() = 3", ["header g()"], [("g", "3")]),
    ("f(x) = a = x", ["header f(x)", "a = x"], [("a", "x")]),
    ("f(x) = x, 1", ["header f(x)"], [("x", "x"), (None, "1")]),
    (
        "# first\n; f(x, # one\n  \N{MICRO SIGN},) =\n\n  a = x\n  a*2",
        ["header f(x, μ)", "a = x"],
        [("f", "mul(a, 2)")],
    ),
    ("f(x) == y", [], [(None, "eq(f(x), y)")]),
]


@pytest.mark.parametrize(("text", "calls", "outputs"), PROGRAMS, ids=[p[0][:30] for p in PROGRAMS])
def test_statements_reach_the_sink_in_order(
    text: str, calls: list[str], outputs: list[tuple[str | None, str]]
) -> None:
    sink = Recorder()
    assert parse(text, sink) == outputs
    assert sink.calls == calls


def test_numbers_keep_their_kind() -> None:
    assert [read(text) for text in ("2", "2.0", "2e0", "1e22")] == ["2", "2.0", "2.0", "1e+22"]


def test_a_chained_comparison_builds_its_middle_once() -> None:
    sink = Recorder()
    parse("a < sin(b) < c", sink)
    assert [handle for handle, _ in sink.spans].count("sin(b)") == 1


# Python as the judge: the same tree, or neither reads it.

BINARY = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div",
    ast.FloorDiv: "floordiv", ast.Mod: "mod", ast.Pow: "pow",
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
    ast.And: "and", ast.Or: "or", ast.USub: "neg", ast.Not: "not",
}  # fmt: skip


def folded(function: str, parts: list[str]) -> str:
    """Apply a function of two arguments from the left."""
    first, *others = parts
    for part in others:
        first = f"{function}({first}, {part})"
    return first


def prefix(node: ast.expr) -> str:
    """Return Python's own reading of an expression in prefix form."""
    match node:
        case ast.Constant(value):
            return repr(value)
        case ast.Name(name):
            return name
        case ast.UnaryOp(ast.UAdd(), operand):
            return prefix(operand)
        case ast.UnaryOp(operator, operand):
            return f"{BINARY[type(operator)]}({prefix(operand)})"
        case ast.BinOp(left, operator, right):
            return f"{BINARY[type(operator)]}({prefix(left)}, {prefix(right)})"
        case ast.BoolOp(operator, values):
            return folded(BINARY[type(operator)], [prefix(value) for value in values])
        case ast.Compare(left, operators, comparators):
            parts = [prefix(part) for part in (left, *comparators)]
            names = [BINARY[type(operator)] for operator in operators]
            tests = [f"{n}({a}, {b})" for n, a, b in zip(names, parts, parts[1:], strict=False)]
            return folded("and", tests)
        case ast.IfExp(test, body, orelse):
            return f"where({prefix(test)}, {prefix(body)}, {prefix(orelse)})"
        case ast.Call(ast.Name(name), arguments, []):
            return f"{name}({', '.join(prefix(argument) for argument in arguments)})"
    raise SyntaxError(ast.dump(node))


def python(text: str) -> str | None:
    """Return Python's reading of a text, or None when it is no expression of the language."""
    try:
        return prefix(ast.parse(text, mode="eval").body)
    except SyntaxError:
        return None


def ours(text: str) -> str | None:
    try:
        return read(text)
    except (FormulaError, ValueError):  # ValueError: several outputs, which Python calls a tuple
        return None


def written(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return texts around texts, without the parentheses that would fix their meaning."""
    operators = ["+", "-", "*", "/", "//", "%", "**", "<", "<=", ">", ">=", "==", "!="]
    space = st.sampled_from(["", " "])
    return st.one_of(
        st.tuples(inner, st.sampled_from([*operators, "and", "or"]), inner).map(" ".join),
        st.tuples(inner, space, st.sampled_from(["+", "-", "*", "**", "<"]), inner).map("".join),
        st.tuples(st.sampled_from(["-", "+", "not ", "- "]), inner).map("".join),
        st.tuples(inner, inner, inner).map(lambda t: f"{t[0]} if {t[1]} else {t[2]}"),
        inner.map(lambda t: f"({t})"),
        st.lists(inner, max_size=3).map(lambda ts: f"f({', '.join(ts)})"),
    )


ATOMS = st.sampled_from(["x", "y", "π", "x_1", "2", "0.5", "1e3", "0x1F", "3.", "1_0"])


@settings(max_examples=400, deadline=None)
@given(st.recursive(ATOMS, written, max_leaves=12))
@example("a == not b")
@example("not x ** not y")
@example("-x ** -y ** z")
def test_precedence_is_pythons(text: str) -> None:
    assert ours(text) == python(text)


@settings(max_examples=200, deadline=None)
@given(st.recursive(ATOMS, written, max_leaves=12))
def test_every_span_covers_its_part(text: str) -> None:
    sink = Recorder()
    if python(text) is not None:
        parse(text, sink)
    for handle, (start, end) in sink.spans:
        assert python(text[start:end]) == handle


PIECES = [
    "x", "y", "f(", "(", ")", ",", "+", "-", "*", "**", "/", "<", "==", "=", ":=", ";", "\n", " ",
    "if ", " else ", " and ", "not ", "assert ", "lambda", "True", "f(x)=", "2", "1e400", ".5",
    "'a'", "{'a':", "}", "{", ":", "[", "]", ".", "^", "!", "@", "\\", "#", "\t", '"', "×", "²",
    "·", "√", "\N{MICRO SIGN}", "ｘ", "１", "\0", "\xa0", "\u200b", "\ud800",
]  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=30))
def test_any_text_is_a_formula_or_a_formula_error(text: str) -> None:
    """What is read as one expression is one for Python too, apart from its layout."""
    try:
        outputs = parse(text, Recorder())
    except FormulaError as error:
        assert str(error).encode() and 0 <= error.span[0] <= error.span[1] <= len(text)
        return
    single = re.sub(r"[;\n\r\f]|\\\n", " ", re.sub(r"#.*", "", text)).strip()
    if len(outputs) == 1 and not re.search(r"=|assert|,|\{", single):
        assert outputs[0][1] == python(single)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="xµ²·℘ªｘ\u0304₁\u0660ⅷ𝒙", min_size=1, max_size=4))
def test_a_name_is_a_python_identifier(text: str) -> None:
    """A name is one that Python takes, and reads the same; raised letters are no powers here."""
    name = ours(text)
    if name is not None:
        assert name == python(text)
    elif python(text) is not None:
        assert set(text) & set("²·ª")


ERRORS = [
    ('x^2', '^', '^ is not an operator here; for a power write x**2'),
    ('^x', '^', '^ is not an operator here; for a power write **x'),
    ('x^-2', '^', '^ is not an operator here; for a power write x**-2'),
    ('x ^ (a + b)', '^', '^ is not an operator here; for a power write x**(a + b)'),
    ('sin^2(x)', '^', '^ is not an operator here; for a power write sin(x)**2'),
    ('2x', 'x', 'an operator is missing between 2 and x; write 2*x'),
    ('2(x+1)', '(', 'an operator is missing between 2 and (x+1); write 2*(x+1)'),
    ('(x)(y)', '(', 'an operator is missing between (x) and (y); write (x)*(y)'),
    ('f(x)(y)', '(', 'an operator is missing between f(x) and (y); write f(x)*(y)'),
    ('sin x', 'x', 'an operator is missing between sin and x; write sin(x)'),
    ('abs x', 'x', 'an operator is missing between abs and x; write abs(x)'),
    ('x y', 'y',
     'an operator is missing between x and y; '
     'for a product write x*y, for a call write x(y)'),
    ('x sin(y)', 'sin', 'an operator is missing between x and sin(y); write x*sin(y)'),
    ('3 x**2', 'x', 'an operator is missing between 3 and x; write 3*x'),
    ('1.2.3', '.3', 'an operator is missing between 1.2 and .3; write 1.2*.3'),
    ('0x', 'x', 'an operator is missing between 0 and x; write 0*x'),
    ('1__0', '__0', 'an operator is missing between 1 and __0; write 1*__0'),
    ('lambda*x', 'lambda', 'lambda is a Python keyword; as a name write lambda_'),
    ('lambda x: x', 'lambda', 'lambda is a Python keyword'),
    ('import os', 'import', 'import is a Python keyword'),
    ('x in y', 'in', 'in is a Python keyword'),
    ('True', 'True', 'True is not a number; conditions are comparisons such as x > 0'),
    ('ｉｆ', 'ｉｆ', 'if is a Python keyword; as a name write if_'),
    ('x − y', '−', '−, U+2212 (minus sign), has no meaning here; write -'),
    ('x×y', '×', '×, U+00D7 (multiplication sign), has no meaning here; write *'),
    ('x·y', '·', '·, U+00B7 (middle dot), has no meaning here; write *'),
    ('x ÷ y', '÷', '÷, U+00F7 (division sign), has no meaning here; write /'),
    ('x ≤ y', '≤', '≤, U+2264 (less-than or equal to), has no meaning here; write <='),
    ('x²', '²', '², U+00B2 (superscript two), has no meaning here; for a power write x**2'),
    ('(x + 1)²³', '²³',
     '², U+00B2 (superscript two), has no meaning here; '
     'for a power write (x + 1)**23'),
    ('x⁻¹', '⁻¹', '⁻, U+207B (superscript minus), has no meaning here; for a power write x**-1'),
    ('xⁿ', 'ⁿ',
     'ⁿ, U+207F (superscript latin small letter n), has no meaning here; '
     'for a power write x**n'),
    ('x₁', '₁', '₁, U+2081 (subscript one), has no meaning here; write x1'),
    ('½*x', '½', '½, U+00BD (vulgar fraction one half), has no meaning here; write 1/2'),
    ('√x', '√', '√, U+221A (square root), has no meaning here; write sqrt(x)'),
    ('√(x + 1)', '√', '√, U+221A (square root), has no meaning here; write sqrt(x + 1)'),
    ('“x”', '“', '“, U+201C (left double quotation mark), has no meaning here; write " or \''),
    ('ｘ＋１', '＋', '＋, U+FF0B (fullwidth plus sign), has no meaning here; write +'),
    ('１', '１', '１, U+FF11 (fullwidth digit one), has no meaning here; write 1'),
    ('x\xa0+ y', '\xa0', 'U+00A0 (no-break space), has no meaning here; write an ordinary space'),
    ('∞', '∞', '∞, U+221E (infinity), has no meaning here'),
    ('x\x00', '�', 'there is an invisible character, U+0000 (control character); delete it'),
    ('\ufeffx', '�',
     'there is an invisible character, U+FEFF (zero width no-break space); '
     'delete it'),
    ('x\u200b', '�', 'there is an invisible character, U+200B (zero width space); delete it'),
    ('x\ud800', '�', 'there is an invisible character, U+D800 (lone surrogate); delete it'),
    ('# \u202e\nx', '�',
     'there is an invisible character, U+202E (right-to-left override); '
     'delete it'),
    ('x.real', '.', 'attributes have no meaning here'),
    ('math.sin(x)', '.', 'attributes have no meaning here; write sin(x)'),
    ('x[0]', '[', 'subscripts have no meaning here; as a name write x0'),
    ('x[i]', '[', 'subscripts have no meaning here'),
    ('[x, y]', '[', 'lists have no meaning here; for several outputs write x, y'),
    ("'x'", "'x'",
     'a string is not part of an expression; '
     'strings are the labels of outputs: {"label": x, …}'),
    ("'x", "'", 'the string is not closed'),
    ("f'(x)", "'", 'the string is not closed; a name has no prime'),
    ("__import__('os')", "'os'",
     'a string is not part of an expression; '
     'strings are the labels of outputs: {"label": x, …}'),
    ('$x', '$', '$ has no meaning here'),
    ('\\frac{x}{y}', '\\', '\\ has no meaning here; LaTeX is not read: write sin(x), a/b, x**2'),
    ('x = = 3', '=', '= stands twice; write = once to assign, == to compare'),
    ('where(x = 3, a, b)', 'x =', 'arguments have no names; to compare write x == 3'),
    ('f(x=1)', 'x=', 'arguments have no names; to compare write x == 1'),
    ('x > 0 and y = 2', '=',
     'only a name at the start of a statement can be assigned to; '
     'to compare write y == 2'),
    ('x + y = 3', '=',
     'only a name at the start of a statement can be assigned to; '
     'to compare write y == 3'),
    ('x, y = 3', '=',
     'only a name at the start of a statement can be assigned to; '
     'to compare write y == 3'),
    (' = 3', '=', '= has nothing on its left; write name = …'),
    ('a = b = 3', '=',
     'only a name at the start of a statement can be assigned to; '
     'to compare write b == 3'),
    ('x == y = z', '=',
     'only a name at the start of a statement can be assigned to; '
     'to compare write y == z'),
    ('a = 1; f(x) = a*x', '=',
     'only a name at the start of a statement can be assigned to; '
     'a header f(x, y) = stands first and lists only names'),
    ('f(x, 2) = x', '=',
     'only a name at the start of a statement can be assigned to; '
     'a header f(x, y) = stands first and lists only names'),
    ('x & y', '&', '& is not an operator here; write and'),
    ('x && y', '&&', '&& is not an operator here; write and'),
    ('x | y', '|', '| is not an operator here; write or; for an absolute value write abs(…)'),
    ('|x|', '|', '| is not an operator here; write or; for an absolute value write abs(…)'),
    ('!x', '!', '! is not an operator here; for a negation write not'),
    ('n!', '!', '! is not an operator here; for a negation write not'),
    ('~x', '~', '~ is not an operator here; for a negation write not'),
    ('x @ y', '@', '@ is not an operator here; for a product write x*y'),
    ('(a := 3)', ':=', ':= is not an operator here; write name = … as a statement of its own'),
    ('x += 1', '+=', '+= is not an operator here; assign to a new name'),
    ('x => 0', '=>', '=> is not an operator here; write >='),
    ('x =< 0', '=<', '=< is not an operator here; write <='),
    ('x <> y', '<>', '<> is not an operator here; write !='),
    ('x === y', '===', '=== is not an operator here; write =='),
    ('x !== y', '!==', '!== is not an operator here; write !='),
    ('x << 2', '<<', '<< is not an operator here'),
    ('c ? x : y', '?', '? is not an operator here; write a if condition else b'),
    ('x ++', '++', '++ is not an operator here; write + 1 or - 1'),
    ('(x--)', '--', '-- is not an operator here; write + 1 or - 1'),
    ('(x + 1', '(', '( is never closed; add )'),
    ('x + 1)', ')', ') closes nothing; delete it, or open a bracket before'),
    ('sin(x + (y', '(', '( is never closed; add )'),
    ('(x}', '}', '} closes nothing; delete it, or open a bracket before'),
    ('(x; y)', ';', 'a semicolon does not fit here'),
    ('a = (x + y\nb = 3\na*b', '(', '( is never closed; add )'),
    ('x +', '+', '+ has nothing on its right'),
    ('x * / y', '*', '* has nothing on its right'),
    ('* x', '*', '* has nothing on its left'),
    ('x +\ny', '+',
     '+ has nothing on its right; '
     'to go on in the next line, put parentheses around the formula'),
    ('x * (', '(', '( is never closed; add )'),
    ('x * ()', '()', 'the parentheses are empty'),
    ('()', '()', 'the parentheses are empty'),
    ('a == not b', 'not', 'not needs parentheses here; write (not b)'),
    ('-not x', 'not', 'not needs parentheses here; write (not x)'),
    ('f(*args)', '*', '* has nothing on its left; write every argument out'),
    ('f(x, **k)', '**', '** has nothing on its left; write every argument out'),
    ('f(x,,y)', ',', 'an expression is missing before the comma'),
    ('f(,x)', ',', 'an expression is missing before the comma'),
    ('x,,y', ',', 'an expression is missing before the comma'),
    ('x if y', '', 'else is missing; write a if condition else b'),
    ('x if y else', 'else', 'else has nothing on its right'),
    ('if x > 0: y', 'if', 'if has nothing on its left; write a if condition else b'),
    ('x else y', 'else', 'else does not fit here'),
    ('x: float', ':', ': does not fit here'),
    ('{x: 1}', 'x', 'a label is missing; write {"label": expression}'),
    ('{}', '}', 'a label is missing; write {"label": expression}'),
    ("{'a': 1 'b': 2}", "'b'", "a comma is missing before 'b'"),
    ("{'a'}", '}', '} does not fit here'),
    ("{'\\d': x}", "'\\d'", 'the label cannot be read; write \\\\ for a backslash'),
    ("{'\\ud800': x}", "'\\ud800'", 'the label cannot be read; write \\\\ for a backslash'),
    ('(x, y) + 1', '+', '+ does not fit here'),
    ('((x, y))', ',',
     'a comma does not fit here; '
     'commas stand between arguments, and between outputs in the last statement'),
    ('a = x, y', ',',
     'a comma does not fit here; '
     'commas stand between arguments, and between outputs in the last statement'),
    ('x + 1; y', 'x + 1',
     'only the last statement can be a mere expression; '
     'give it a name, or put parentheses around a formula of several lines'),
    ('x\n+ y', 'x',
     'only the last statement can be a mere expression; '
     'give it a name, or put parentheses around a formula of several lines'),
    ('assert x > 0', 'assert x > 0',
     'the last statement computes nothing; '
     'end with the expression to compute'),
    ('assert', 'assert', 'assert has nothing on its right'),
    ('x = 3; assert x > 0', 'assert x > 0',
     'the last statement computes nothing; '
     'end with the expression to compute'),
    ('', '', 'the formula is empty; write an expression such as x**2 + y'),
    ('# nothing\n;;', '', 'the formula is empty; write an expression such as x**2 + y'),
    ('f(x) =', 'f(x) =', 'nothing follows the header; write an expression such as x**2 + y'),
    ('f(x) = # nothing', 'f(x) =',
     'nothing follows the header; '
     'write an expression such as x**2 + y'),
    ('1e400', '1e400', 'the number is too large for floating point'),
    ('012', '012', 'a whole number does not begin with 0; write 12'),
    ('x;\n\n  y +* z', '+', '+ has nothing on its right'),
    ('x\\y', '\\', '\\ has no meaning here; LaTeX is not read: write sin(x), a/b, x**2'),
    ('f(lambda) = 1', 'lambda', 'lambda is a Python keyword; as a name write lambda_'),
    ('f(x·y) = 1', '·', '·, U+00B7 (middle dot), has no meaning here; write *'),
]  # fmt: skip
"""A text, the part that the carets mark, and message and cure without the place."""


@pytest.mark.parametrize(("text", "marked", "said"), ERRORS, ids=[repr(e[0])[:30] for e in ERRORS])
def test_an_error_says_what_is_wrong_and_what_to_write(text: str, marked: str, said: str) -> None:
    error = refused(text)
    message, _, cure = said.partition("; ")
    first = f"{message} ({Lines(error.text).place(error.span)})" + f"; {cure}" * bool(cure)
    assert str(error).splitlines()[0] == first
    assert error.text[slice(*error.span)] == marked


def test_an_error_shows_the_place() -> None:
    assert str(refused("a = x\nb = a*x^2\nb")) == (
        "^ is not an operator here (line 2, column 8); for a power write x**2\n"
        "  b = a*x^2\n"
        "         ^"
    )


@pytest.mark.parametrize(
    ("text", "cure"), [("1" * 400, ""), ("0" * 9999 + "1", "1"), ("0x" + "f" * 999, "")]
)
def test_a_number_beyond_float64_is_refused_at_once(text: str, cure: str) -> None:
    assert refused(text).cure in ("", f"write {cure}")
    assert len(str(refused(text))) < 300


LONG = [
    "x" * 10**5 + "^2", "(" + "x + " * 10**5 + "x)^2", "(" * 10**5, ")" * 10**5, "x" * 10**5 + " y",
    "'" + "a" * 10**5 + "'", '"\\' * 10**5, "'" * 10**5, "1" * 10**5, "0x" + "f" * 10**5,
    "²" * 10**5, "x²" * 10**5, "x " * 10**5, "{'" + "a" * 10**5 + "': x} y", "lambda " * 10**5,
    "f(" + "x," * 10**5 + "=", "f(" + "x," * 10**5, "\n" * 10**5 + "^", "\u200b" * 10**5,
    "#" * 10**5, "x" * 10**5 + "=", "[" * 10**5 + "]" * 10**5, " " * 10**5 + "f(x) = ^",
    "x" * 10**5 + "(" + "y" * 10**5,
]  # fmt: skip


@pytest.mark.parametrize("text", LONG, ids=[text[:8] for text in LONG])
def test_an_error_never_repeats_a_long_text(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, Counter())
    assert len(str(caught.value)) < 400


N = 30_000
DEEP = {
    "parentheses": ("(" * N + "x" + ")" * N, 0),
    "signs": ("-" * N + "x", N),
    "sum": ("x + " * N + "x", N),
    "powers": ("x**" * N + "x", N),
    "calls": ("sin(" * N + "x" + ")" * N, N),
    "negations": ("not " * N + "x > 0", N + 1),
    "conditions": ("x if y else " * N + "x", N),
    "comparisons": ("x < " * N + "x", 2 * N - 1),
    "arguments": ("f(" + "x," * N + ")", 1),
    "statements": ("a = x\n" * N + "a", N),
    "outputs": ("x, " * N + "x*x", 1),
    "header": ("f(" + "x," * N + ") = x", 1),
}


@pytest.mark.parametrize("shape", DEEP)
def test_nothing_recurses(shape: str) -> None:
    text, calls = DEEP[shape]
    sink = Counter()
    parse(text, sink)
    assert sink.count == calls


class Refuser(Recorder):
    """A sink that knows no name but x, and reads another formula at every call."""

    def name(self, name: str, span: Span) -> str:
        if name != "x":
            raise FormulaError(f"unknown {name}", "a text of the sink's", span)
        return super().name(name, span)

    def call(self, function: str, arguments: Sequence[str], span: Span) -> str:
        assert read("y + μ") == "add(y, μ)"
        return super().call(function, arguments, span)


def test_the_sinks_errors_pass_unchanged() -> None:
    with pytest.raises(FormulaError, match=r"^unknown y") as caught:
        parse("x + y", Refuser())
    assert caught.value.text == "a text of the sink's"


def test_a_sink_may_parse_another_formula_meanwhile() -> None:
    assert parse("sin(x) + 12*x", Refuser()) == [(None, "add(sin(x), mul(12, x))")]
    with pytest.raises(FormulaError, match="write x\\*\\*2"):
        parse("sin(x) + x^2", Refuser())


def test_threads_do_not_disturb_each_other() -> None:
    found: dict[int, bool] = {}

    def work(number: int) -> None:
        text = " + ".join(f"x{number}*{number}" for _ in range(200))
        wanted = python(text)
        found[number] = all(read(text) == wanted for _ in range(5))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == dict.fromkeys(range(4), True)


def test_lark_is_loaded_by_the_first_formula_only() -> None:
    code = "import adviz.language.grammar, sys; print('lark' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "False"
