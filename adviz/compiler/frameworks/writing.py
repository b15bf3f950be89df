"""A program written as a function of one framework, its vectors as arrays, and that function."""

from __future__ import annotations

import hashlib
import linecache
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product
from typing import Any

from adviz.compiler.frameworks.arrays import NUMBER, Code, Framework
from adviz.compiler.frameworks.constants import settled
from adviz.compiler.languages.language import Language
from adviz.compiler.languages.lowering import Lowered, Statement, lowered
from adviz.compiler.languages.printed import statements
from adviz.compiler.program.data import Program
from adviz.compiler.program.program import expanded
from adviz.errors import PointError
from adviz.sources.structure import shape_of


def written(program: Program, framework: Framework, vectors: Mapping[str, Sequence[str]]) -> Code:
    """Return a program as a function of a framework, in the text of a module.

    `vectors` are the array arguments, each with the parameters that it holds.

    Raises AdvizError naming a row that the framework lacks and that has no definition.

    >>> import adviz
    >>> from adviz.compiler.frameworks.tables import FRAMEWORKS
    >>> from adviz.compiler.program.program import program
    >>> made = program(adviz.build("x*max(y, 0)"), "value")
    >>> print(written(made, FRAMEWORKS["torch"], {}).text)
    import torch
    <BLANKLINE>
    <BLANKLINE>
    def value(x, y):
        number = x.new_tensor
        # values
        f = x*torch.maximum(y, number(0.0))
        return f
    <BLANKLINE>
    """
    plain = settled(expanded(program, framework.forms))
    code = lowered(plain, framework.language)
    arguments = _arguments(program, vectors)
    called = _called(code, framework.language, arguments)
    body = [
        *_unpacked(code, called, arguments),
        *statements(code, "# {}", _assignment, ""),
        f"return {', '.join(_results(code, framework))}",
    ]
    if called and f"{NUMBER}(" in "\n".join(body):
        body.insert(0, f"{NUMBER} = {framework.number.format(called[0])}")
    lines = [f"def {program.called}({', '.join(called)}):", *(f"    {line}" for line in body)]
    imports = framework.imported("\n".join(lines))
    text = "\n".join([*imports, *["", ""] * bool(imports), *lines, ""])
    shapes = {
        name: _shape(one, parts)
        for name, (one, parts) in zip(called, arguments.items(), strict=True)
    }
    return Code(program.called, shapes, [*program.results], text)


def function(code: Code) -> Callable[..., Any]:
    """Return the function that code defines; `inspect.getsource` shows it."""
    digest = hashlib.sha256(code.text.encode()).hexdigest()[:12]
    file = f"<{code.name} {digest}>"
    lines = code.text.splitlines(keepends=True)
    linecache.cache[file] = len(code.text), None, lines, file
    names: dict[str, Any] = {}
    exec(compile(code.text, file, "exec"), names)  # noqa: S102 - our own generated code, made of forms and legal names
    made: Callable[..., Any] = names[code.name]
    return made


def _arguments(program: Program, vectors: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return what the function is given, each with the parameters that it holds."""
    arrays = {name: parts for name, parts in vectors.items() if _shape(name, parts)}
    owner = {part: name for name, parts in arrays.items() for part in parts}
    names = dict.fromkeys(owner.get(name, name) for name in program.parameters)
    return {name: arrays.get(name, (name,)) for name in names}


def _shape(name: str, parts: Sequence[str]) -> tuple[int, ...]:
    """Return the shape of an array argument; () of a number, and of what holds several arrays."""
    if tuple(parts) != (name,):
        with suppress(PointError):
            return shape_of(name, parts)
    return ()


def _called(code: Lowered, language: Language, arguments: Mapping[str, Any]) -> list[str]:
    """Return what the arguments are called in the code; numbers are parameters already."""
    known = dict(zip(code.program.parameters, code.parameters, strict=True))
    used = {*code.parameters, *(one.variable for one in (*code.primal, *code.derivative))}
    return [known.get(name) or language.fresh(name, used) for name in arguments]


def _unpacked(
    code: Lowered, called: Sequence[str], arguments: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield the lines that take the numbers out of arrays."""
    known = dict(zip(code.program.parameters, code.parameters, strict=True))
    for array, (name, parts) in zip(called, arguments.items(), strict=True):
        places = product(*map(range, _shape(name, parts)))
        for part, place in zip(parts, places, strict=True):
            if place:
                yield f"{known[part]} = {array}[{', '.join(map(str, place))}]"


def _assignment(statement: Statement) -> str:
    return f"{statement.variable} = {statement.value.text}"


def _results(code: Lowered, framework: Framework) -> Iterator[str]:
    """Yield the results, each an array; of several a tuple is made."""
    program = code.program
    for text, node in zip(code.results, program.results.values(), strict=True):
        alone = framework.number and node in program.constants and program.parameters
        yield f"{NUMBER}({text})" if alone else text
