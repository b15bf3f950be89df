"""What the languages of C's family have in common: how strongly operators bind, and their forms."""

from __future__ import annotations

from collections.abc import Mapping

from adviz.compiler.languages.language import ATOM, Form, Written, call, infix, phrase

_LOOSE, CHOICE, OR, AND, EQUAL, LESS, SUM, PRODUCT, SIGN, POWER = range(0, 100, 10)

FAMILY: Mapping[str, Form] = {
    "add": infix(" + ", SUM),
    "sub": infix(" - ", SUM),
    "mul": infix("*", PRODUCT),
    "div": infix("/", PRODUCT),
    # two signs would be a decrement, and `-x**2` is none of JavaScript
    "neg": Form(lambda args: Written(f"-{args[0].within(POWER + 1)}", SIGN)),
    "mod": call("modulo"),
    "sign": call("signum"),
    "min": call("minimum"),
    "max": call("maximum"),
    "lt": infix(" < ", LESS, SUM, SUM),
    "le": infix(" <= ", LESS, SUM, SUM),
    "gt": infix(" > ", LESS, SUM, SUM),
    "ge": infix(" >= ", LESS, SUM, SUM),
    "not": phrase("!{0}", SIGN, ATOM),
    "where": phrase("{0} ? {1} : {2}", CHOICE, OR, OR, CHOICE),
}
"""The rows that C and JavaScript write alike; of what they call, each has a runtime."""
