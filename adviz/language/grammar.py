"""The text language: what a formula may say.

The grammar is formula.lark. Lark's LALR parser calls back while it reads, so that no tree is
built and nothing recurses: nesting is as deep as memory allows. What the formula means is left
to a sink, which sees every part once, operands before what uses them.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from keyword import kwlist
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from adviz.errors import FormulaError, Span
from adviz.language.mistakes import explained
from adviz.language.spelling import read_label, read_name, read_number, refuse_hidden

if TYPE_CHECKING:
    from lark import Lark, Token

H = TypeVar("H")
"""A sink's own handle for a part of the formula."""


class Sink(Protocol[H]):
    """What the parser calls, in the order of the text; a span is the part's place in the text.

    A sink may raise FormulaError for what the grammar cannot know: names, arities, conditions.
    """

    def number(self, value: int | float, span: Span) -> H:
        """Take a literal; an integer stays one."""

    def name(self, name: str, span: Span) -> H:
        """Take a reference to a variable, NFKC-normalised."""

    def call(self, function: str, arguments: Sequence[H], span: Span) -> H:
        """Take a function as written, or an operator.

        The operators are add sub mul div floordiv mod pow, lt le gt ge eq ne, and or, all of two
        arguments; neg and not, of one; and where(condition, then, else).
        """

    def header(self, name: str, parameters: Sequence[str], span: Span) -> None:
        """Take `f(x, y) =`, before anything else."""

    def assign(self, name: str, value: H, span: Span) -> None:
        """Take `name = value`, also as the last statement; the span is the name's."""

    def require(self, condition: H, span: Span) -> None:
        """Take `assert condition`; the span is the condition's."""


def parse(text: str, sink: Sink[H]) -> list[tuple[str | None, H]]:
    """Read a formula into a sink and return its outputs, each with its label or None.

    The label is the one in `{"label": …}` or `name = …`, the name of a bare name among several
    outputs, or the header's name for a single output without one.

    Raises FormulaError for what is no formula, and lets the sink's own errors pass.

    >>> class Prefix:
    ...     def number(self, value, span):
    ...         return str(value)
    ...     def name(self, name, span):
    ...         return name
    ...     def call(self, function, arguments, span):
    ...         return f"{function}({', '.join(arguments)})"
    >>> parse("-x**2 + sin(2)", Prefix())
    [(None, 'add(neg(pow(x, 2)), sin(2))')]
    """
    refuse_hidden(text)
    parser, reader = _parser()
    header = _header(text, sink)
    name, start = header or (None, 0)
    last = reader.read(parser, text, start, sink)
    if last is None:
        message = "nothing follows the header" if header else "the formula is empty"
        raise FormulaError(message, text, (0, start), "write an expression such as x**2 + y")
    if last.kind == "require":
        cure = "end with the expression to compute"
        raise FormulaError("the last statement computes nothing", text, last.span, cure)
    if len(last.outputs) == 1 and last.outputs[0][0] is None:
        return [(name, last.outputs[0][1])]
    return last.outputs


class _Statement(NamedTuple):
    """A statement that has been read: "assign", "require" or "output"."""

    kind: str
    outputs: list[tuple[str | None, Any]]
    span: Span


_Operand = tuple[Any, int, int]
"""A sink's handle, and where its text starts and ends."""

_OPERATIONS = (
    {"+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floordiv", "%": "mod", "**": "pow"}
    | {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
    | {"and": "and", "or": "or"}
)
_OWN_KEYWORDS = ("and", "or", "not", "if", "else", "assert")
_KEYWORDS = dict.fromkeys(kwlist, "KEYWORD") | {word: word.upper() for word in _OWN_KEYWORDS}


class _Reader(threading.local):
    """What Lark calls back: `process` with the tokens, the other methods with complete rules.

    Lark binds them once for all parses, so the text and the sink of the parse at hand are kept
    here: each thread its own, and put back when a sink has parsed another formula meanwhile.
    """

    sink: Sink[Any]
    text: str
    latest: deque[Token]
    """The latest two tokens, for an error to look at."""
    always_accept = ()
    """What Lark asks of a token filter."""

    def read(self, parser: Lark, text: str, start: int, sink: Sink[Any]) -> _Statement | None:
        """Parse a text from an offset on and return its last statement."""
        from lark.exceptions import UnexpectedInput

        outer = vars(self).copy()
        self.sink, self.text, self.latest = sink, text, deque(maxlen=2)
        try:
            # Blanks in place of the header keep every offset that of the text.
            last: Any = parser.parse(" " * start + text[start:])
        except UnexpectedInput as error:
            raise explained(text, error, list(self.latest)) from None
        finally:
            vars(self).clear()
            vars(self).update(outer)
        return last  # type: ignore[no-any-return]

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Tell keywords from names, and drop the new lines inside brackets."""
        depth, latest = 0, self.latest
        for token in stream:
            kind = token.type
            if kind == "NAME":
                if token in _KEYWORDS:
                    token.type = _KEYWORDS[token]
                elif not token.isascii():
                    token = token.update(value=read_name(self.text, _span(token)))
            elif kind in ("LPAR", "LBRACE"):
                depth += 1
            elif kind in ("RPAR", "RBRACE"):
                depth -= 1
            elif kind == "SEPARATOR" and depth > 0 and token[0] in "\r\n":
                continue
            latest.append(token)
            yield token

    def number(self, parts: list[Any]) -> _Operand:
        span = _span(parts[0])
        return self.sink.number(read_number(self.text, span), span), *span

    def name(self, parts: list[Any]) -> _Operand:
        span = _span(parts[0])
        return self.sink.name(str(parts[0]), span), *span

    def parentheses(self, parts: list[Any]) -> _Operand:
        return parts[1][0], parts[0].start_pos, parts[2].end_pos

    def prefix(self, parts: list[Any]) -> _Operand:
        sign, (value, _, end) = parts
        if sign != "+":
            operation = "not" if sign == "not" else "neg"
            value = self.sink.call(operation, (value,), (sign.start_pos, end))
        return value, sign.start_pos, end

    def binary(self, parts: list[Any]) -> _Operand:
        (left, start, _), operator, (right, _, end) = parts
        return self.sink.call(_OPERATIONS[operator], (left, right), (start, end)), start, end

    def where(self, parts: list[Any]) -> _Operand:
        (then, start, _), _, (condition, _, _), _, (other, _, end) = parts
        return self.sink.call("where", (condition, then, other), (start, end)), start, end

    def call(self, parts: list[Any]) -> _Operand:
        return self._call(parts, parts[2:-1])

    def call_with_items(self, parts: list[Any]) -> _Operand:
        return self._call(parts, parts[2])

    def _call(self, parts: list[Any], arguments: list[_Operand]) -> _Operand:
        span = parts[0].start_pos, parts[-1].end_pos
        handles = tuple(handle for handle, _, _ in arguments)
        return self.sink.call(str(parts[0]), handles, span), *span

    def compare(self, parts: list[Any]) -> tuple[Any, int, int, _Operand]:
        """Begin a chain of comparisons; it carries its last operand, which the next one shares."""
        return *self.binary(parts), parts[2]

    def compare_on(self, parts: list[Any]) -> tuple[Any, int, int, _Operand]:
        (before, start, _, left), operator, right = parts
        last, _, end = self.binary([left, operator, right])
        return self.sink.call("and", (before, last), (start, end)), start, end, right

    def compared(self, parts: list[Any]) -> _Operand:
        handle, start, end, _ = parts[0]
        return handle, start, end

    def one(self, parts: list[Any]) -> list[Any]:
        return [parts[0]]

    def more(self, parts: list[Any]) -> list[Any]:
        parts[0].append(parts[1])
        return parts[0]  # type: ignore[no-any-return]

    def items(self, parts: list[Any]) -> list[Any]:
        return [*parts[0], *parts[1:]]

    def entry(self, parts: list[Any]) -> tuple[str, _Operand]:
        return read_label(self.text, _span(parts[0])), parts[2]

    def nothing(self, parts: list[Any]) -> None:
        return None

    def assign(self, parts: list[Any]) -> _Statement:
        name, span, (value, _, _) = str(parts[0]), _span(parts[0]), parts[2]
        self.sink.assign(name, value, span)
        return _Statement("assign", [(name, value)], span)

    def require(self, parts: list[Any]) -> _Statement:
        condition, *span = parts[1]
        self.sink.require(condition, (span[0], span[1]))
        return _Statement("require", [], (parts[0].start_pos, span[1]))

    def output(self, parts: list[Any]) -> _Statement:
        value, start, end = parts[0]
        return _Statement("output", [(None, value)], (start, end))

    def outputs(self, parts: list[Any]) -> _Statement:
        labelled = [(self._bare(start, end), value) for value, start, end in parts[-1]]
        return _Statement("output", labelled, (parts[-1][0][1], parts[-1][-1][2]))

    def outputs_in_parentheses(self, parts: list[Any]) -> _Statement:
        return self.outputs([parts[1]])

    def mapping(self, parts: list[Any]) -> _Statement:
        labelled = [(label, value) for label, (value, _, _) in parts[1]]
        return _Statement("output", labelled, (parts[0].start_pos, parts[2].end_pos))

    def _bare(self, start: int, end: int) -> str | None:
        """Return the name that an operand consists of, if it is one."""
        written = self.text[start:end]
        return read_name(self.text, (start, end)) if written.isidentifier() else None

    def first(self, parts: list[Any]) -> _Statement | None:
        return parts[0]  # type: ignore[no-any-return]

    def following(self, parts: list[Any]) -> _Statement | None:
        """Return the later statement, if there is one; an output must be the last."""
        before, _, after = parts
        if before and after and before.kind == "output":
            cure = "give it a name, or put parentheses around a formula of several lines"
            message = "only the last statement can be a mere expression"
            raise FormulaError(message, self.text, before.span, cure)
        return after or before  # type: ignore[no-any-return]


@cache
def _parser() -> tuple[Lark, _Reader]:
    """Return the parser, built at the first formula, and what it calls back."""
    from lark import Lark

    grammar = files("adviz.language").joinpath("formula.lark").read_text(encoding="utf-8")
    reader = _Reader()
    options: dict[str, Any] = {"transformer": reader, "postlex": reader, "keep_all_tokens": True}
    return Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=False, **options), reader


def _span(token: Any) -> Span:
    return token.start_pos, token.end_pos


_NAME = r"[^\x00-@[-^`{-\x7f][^\x00-/:-@[-^`{-\x7f]*+"
_GAP = r"(?:[ \t\f\r\n]|\\\r?\n|#[^\n\r]*)*+"
_HEADER = re.compile(
    rf"(?:{_GAP};)*+{_GAP}({_NAME})[ \t\f]*+"
    rf"\(({_GAP}(?:{_NAME}{_GAP},{_GAP})*+(?:{_NAME}{_GAP})?+)\)[ \t\f]*+=(?!=)"
)


def _header(text: str, sink: Sink[Any]) -> tuple[str, int] | None:
    """Read the header, if there is one; return its name and where it ends.

    This is done ahead of the grammar, in which `f(x, y)` would already have been told to the
    sink as a call, with x and y as variables, by the time its `=` comes.
    """
    match = _HEADER.match(text)
    if not match:
        return None
    name = read_name(text, match.span(1))
    listed = re.sub(r"#[^\n\r]*", lambda comment: " " * len(comment[0]), match[2])
    places = [found.span() for found in re.finditer(_NAME, listed)]
    offset = match.start(2)
    parameters = [read_name(text, (offset + start, offset + end)) for start, end in places]
    sink.header(name, parameters, (match.start(1), match.end(2) + 1))
    return name, match.end()
