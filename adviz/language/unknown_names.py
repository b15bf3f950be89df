"""What to write in place of a function that formulas do not have."""

from __future__ import annotations

from collections.abc import Collection

WRITTEN_OUT = {
    "angle": "atan2(y, x)",
    "arg": "atan2(y, x)",
    "average": "(x + y)/2",
    "clamp": "clip(x, 0, 1)",
    "cond": "where(x > 0, a, b)",
    "cosd": "cos(radians(x))",
    "cosine": "cos(x)",
    "dist": "hypot(x - a, y - b)",
    "distance": "hypot(x - a, y - b)",
    "dot": "a*x + b*y",
    "exp10": "10**x",
    "exponential": "exp(x)",
    "fix": "trunc(x)",
    "gaussian": "exp(-x**2/2)",
    "hardsigmoid": "clip(x/6 + 0.5, 0, 1)",
    "hardtanh": "clip(x, -1, 1)",
    "haversine": "sin(x/2)**2",
    "ifelse": "where(x > 0, a, b)",
    "iif": "where(x > 0, a, b)",
    "int": "trunc(x)",
    "inv": "1/x",
    "kl_div": "rel_entr(x, y) - x + y",
    "lb": "log2(x)",
    "lerp": "a + (b - a)*t",
    "lg": "log10(x)",
    "log_softmax": "x - logaddexp(x, y)",
    "logsumexp": "logaddexp(x, y)",
    "mean": "(x + y)/2",
    "mix": "a + (b - a)*t",
    "mse": "(x - y)**2",
    "norm": "hypot(x, y)",
    "normpdf": "exp(-x**2/2)/sqrt(2*pi)",
    "nthroot": "x**(1/n)",
    "piecewise": "where(x > 0, a, b)",
    "prod": "x*y",
    "reciprocal": "1/x",
    "relu6": "clip(x, 0, 6)",
    "root": "x**(1/n)",
    "saturate": "clip(x, 0, 1)",
    "select": "where(x > 0, a, b)",
    "sind": "sin(radians(x))",
    "sine": "sin(x)",
    "sinpi": "sin(pi*x)",
    "softmax": "exp(x)/(exp(x) + exp(y))",
    "softmin": "exp(-x)/(exp(-x) + exp(-y))",
    "sqr": "x**2",
    "square": "x**2",
    "std": "abs(x - y)/2",
    "sum": "x + y",
    "tand": "tan(radians(x))",
    "tangent": "tan(x)",
    "unitstep": "heaviside(x)",
    "var": "(x - y)**2/4",
    "versin": "1 - cos(x)",
}
"""Functions of other languages and libraries, each as a formula that says the same."""

_NOTHING_LIKE = frozenset("betainc gammainc gammaincc ellipkinc ellipeinc elliptic_f".split())
"""Functions that nothing here says, though what there is has names like theirs."""

_OWN = "adviz.primitive brings a function of your own; adviz.functions lists those there are"


def cure(name: str, known: Collection[str]) -> str:
    """Return what to write for a function of which there is none, given the names there are.

    >>> cure("norm", ["hypot", "normcdf"]), cure("SIN", ["sin"]), cure("sinn", ["sin", "sinh"])
    ('write hypot(x, y)', 'did you mean sin?', 'did you mean sin or sinh?')
    """
    small = name.lower()
    if small in WRITTEN_OUT:
        return f"write {WRITTEN_OUT[small]}"
    if small in _NOTHING_LIKE:
        return _OWN
    if small in known:
        return f"did you mean {small}?"
    from difflib import get_close_matches

    near = get_close_matches(small, known, 3, cutoff=0.7)
    return f"did you mean {' or '.join(near)}?" if near else _OWN
