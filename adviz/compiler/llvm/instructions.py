"""LLVM's instructions written one by one, for one point or for several side by side."""

from __future__ import annotations

import struct
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field

Value = str
"""The name of a result, or a literal, as LLVM's text has it."""


@dataclass(frozen=True)
class Processor:
    """What generated code may rely on; the default is one point at a time on any processor."""

    width: int = 1
    """How many points are computed side by side."""
    fused: bool = False
    """Whether it multiplies and adds with one rounding."""
    vectors: Container[str] = ()
    """The C library's functions of `width` numbers that keep a row's digits."""
    mangling: str = "{name}"
    """How the C library names these, given `name` and the number of arguments."""


@dataclass
class Module:
    """The text of a module under construction: functions, and what they call."""

    functions: dict[str, str] = field(default_factory=dict)
    declared: dict[str, None] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole module."""
        return "\n".join([*self.declared, "", *self.functions.values()])


class Code:
    """A list of instructions; every method adds one and returns the name of its result.

    >>> code = Code(Module(), Processor(width=4))
    >>> code.op("fadd", "%x", code.constant(1))
    '%t1'
    >>> code.lines
    ['%t1 = fadd <4 x double> %x, splat (double 1.0)']
    """

    def __init__(self, module: Module, processor: Processor) -> None:
        self.module, self.processor = module, processor
        self.lines: list[str] = []
        self.number = self.of("double")
        self.integer = self.of("i64")
        self.truth = self.of("i1")
        self._count = 0

    def of(self, element: str) -> str:
        """Return the type of so many elements side by side."""
        width = self.processor.width
        return element if width == 1 else f"<{width} x {element}>"

    def new(self, instruction: str) -> Value:
        """Add an instruction that has a result."""
        self._count += 1
        self.lines.append(f"%t{self._count} = {instruction}")
        return f"%t{self._count}"

    def constant(self, value: float) -> Value:
        """Return the literal of a number."""
        return self._literal(f"double {number(value)}")

    def whole(self, value: int) -> Value:
        """Return the literal of an integer."""
        return self._literal(f"i64 {value}")

    def true(self) -> Value:
        """Return the literal of a condition that always holds."""
        return self._literal("i1 true")

    def _literal(self, typed: str) -> Value:
        return typed.partition(" ")[2] if self.processor.width == 1 else f"splat ({typed})"

    def op(self, name: str, *arguments: Value) -> Value:
        """Add an instruction on numbers."""
        return self.new(f"{name} {self.number} {', '.join(arguments)}")

    def bits(self, name: str, *arguments: Value) -> Value:
        """Add an instruction on integers."""
        return self.new(f"{name} {self.integer} {', '.join(arguments)}")

    def logic(self, name: str, *arguments: Value) -> Value:
        """Add an instruction on conditions."""
        return self.new(f"{name} {self.truth} {', '.join(arguments)}")

    def choose(self, condition: Value, x: Value, y: Value) -> Value:
        """Return `x` where the condition holds and `y` elsewhere; both are computed."""
        return self.new(f"select {self.truth} {condition}, {self.number} {x}, {self.number} {y}")

    def as_integer(self, x: Value) -> Value:
        """Return the bits of a number."""
        return self.new(f"bitcast {self.number} {x} to {self.integer}")

    def as_number(self, bits: Value) -> Value:
        """Return the number that has these bits."""
        return self.new(f"bitcast {self.integer} {bits} to {self.number}")

    def converted(self, integer: Value) -> Value:
        """Return an integer as a number."""
        return self.new(f"sitofp {self.integer} {integer} to {self.number}")

    def intrinsic(self, name: str, *arguments: Value) -> Value:
        """Call one of LLVM's own functions of numbers."""
        width = self.processor.width
        return self.call(f"llvm.{name}.{'' if width == 1 else f'v{width}'}f64", *arguments)

    def fma(self, x: Value, y: Value, z: Value) -> Value:
        """Return x*y + z, rounded once."""
        return self.intrinsic("fma", x, y, z)

    def call(self, name: str, *arguments: Value) -> Value:
        """Call a function of numbers that the module does not define."""
        types = ", ".join([self.number] * len(arguments))
        self.module.declared[f"declare {self.number} @{name}({types}) nounwind memory(none)"] = None
        return self.called(name, *arguments)

    def called(self, name: str, *arguments: Value) -> Value:
        """Call a function of numbers."""
        typed = ", ".join(f"{self.number} {argument}" for argument in arguments)
        return self.new(f"call {self.number} @{name}({typed})")

    def polynomial(self, x: Value, coefficients: Iterable[float]) -> Value:
        """Return a polynomial by Horner's rule, the constant coefficient first."""
        *rest, last = map(self.constant, coefficients)
        result = last
        for coefficient in reversed(rest):
            result = self.fma(result, x, coefficient)
        return result

    def anywhere(self, condition: Value) -> Value:
        """Return whether a condition holds at any of the points."""
        reduce = f"llvm.vector.reduce.or.v{self.processor.width}i1"
        self.module.declared[f"declare i1 @{reduce}({self.truth})"] = None
        return self.new(f"call i1 @{reduce}({self.truth} {condition})")

    def leave_where(self, condition: Value, name: str) -> None:
        """Return from a function of `%x0`, by the C library, if a condition holds anywhere."""
        self.lines += [f"br i1 {self.anywhere(condition)}, label %far, label %near", "far:"]
        self.lines += [f"ret {self.number} {self.lanes(name, 1)}", "near:"]

    def lanes(self, name: str, arity: int) -> Value:
        """Return a C function's results for `%x0`, `%x1`, …, one call for each point."""
        types = ", ".join(["double"] * arity)
        self.module.declared[f"declare double @{name}({types}) nounwind memory(none)"] = None
        result = "poison"
        for lane in range(self.processor.width):
            each = (f"extractelement {self.number} %x{k}, i64 {lane}" for k in range(arity))
            given = ", ".join(f"double {self.new(one)}" for one in each)
            one = self.new(f"call double @{name}({given})")
            result = self.new(f"insertelement {self.number} {result}, double {one}, i64 {lane}")
        return result

    def helper(self, name: str, arity: int, body: Callable[[Code], Value]) -> Value:
        """Return the name of a function of the module, written when first asked for."""
        full = f"adviz.{name}.{self.processor.width}"
        if full not in self.module.functions:
            self.module.functions[full] = ""
            inner = Code(self.module, self.processor)
            result = body(inner)
            inner.lines.append(f"ret {self.number} {result}")
            given = ", ".join(f"{self.number} %x{k}" for k in range(arity))
            self.module.functions[full] = defined(f"internal {self.number} @{full}({given})", inner)
        return full


def defined(header: str, code: Code) -> str:
    """Return a function's text."""
    return "\n".join([f"define {header} nounwind {{", *(f"  {x}" for x in code.lines), "}", ""])


def number(value: float) -> str:
    """Return a double as LLVM reads it: small whole numbers as such, others by their bits.

    >>> number(2), number(0.1)
    ('2.0', '0x3FB999999999999A')
    """
    if abs(value) < 2**53 and float(value).is_integer():
        return f"{float(value):.1f}"
    return f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"
