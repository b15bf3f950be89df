"""Measures building from text against bare NetworkX calls that make the same nodes and edges.

Run it: `python tests/benchmarks/parsing.py`. The bar is 10 µs a token above those calls.
"""

from __future__ import annotations

import tokenize
from io import StringIO

from tracing import bare, best

import adviz

BAR = 10.0
TEXTS = {
    "sum of 100 000 terms": "+".join(f"x{i % 50}*{i}" for i in range(100_000)),
    "50 000 nested calls": "sin(" * 50_000 + "x" + ")" * 50_000,
    "20 000 assignments": "\n".join(
        ["v0 = x", *(f"v{i} = v{i - 1}*v{i - 1} + 0.1" for i in range(1, 20_000)), "v19999"]
    ),
}


def tokens(text: str) -> int:
    """Return how many tokens Python itself sees."""
    if text.startswith("sin("):
        return 2 * text.count("(") + 1 + text.count(")")
    return sum(
        token.type != tokenize.NL for token in tokenize.generate_tokens(StringIO(text).readline)
    )


def main() -> None:
    """Print the cost of a token, beyond what NetworkX needs."""
    for title, text in TEXTS.items():
        graph = adviz.build(text)
        built, direct = best(lambda t=text: adviz.build(t), 3), best(lambda g=graph: bare(g), 3)  # type: ignore[misc]  # bound now
        count = tokens(text)
        more = (built - direct) / count * 1e6
        verdict = "within" if more <= BAR else "above"
        print(f"{title}: {count} tokens, {built:.2f} s, NetworkX {direct:.2f} s, ", end="")
        print(f"{more:.1f} µs a token more ({verdict} the bar of {BAR:g})")


if __name__ == "__main__":
    main()
