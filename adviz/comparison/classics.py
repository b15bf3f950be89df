"""Families of functions on which differentiation is compared in the literature: a row each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from adviz.sources import Source


@dataclass(frozen=True)
class Classic:
    """One family: a formula for every size, what the size counts, and where it is from."""

    title: str
    size: str
    made: Callable[[int], Source]
    source: str
    least: int = 1
    most: int = 10_000


def speelpenning(n: int) -> str:
    """Return the product of n inputs.

    >>> speelpenning(3)
    'x1*x2*x3'
    """
    return "*".join(f"x{i}" for i in range(1, n + 1))


def logistic(n: int) -> str:
    """Return l₁ = x, lₖ₊₁ = 4lₖ(1 - lₖ), up to lₙ.

    >>> logistic(3)
    'l1 = x; l2 = 4*l1*(1 - l1); 4*l2*(1 - l2)'
    """
    steps = [f"4*l{k}*(1 - l{k})" for k in range(1, n)]
    return _assigned("l", ["x", *steps])


def rosenbrock(n: int) -> str:
    """Return Σ 100(xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)² in n inputs.

    >>> rosenbrock(2)
    '100*(x2 - x1**2)**2 + (1 - x1)**2'
    """
    terms = (f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(1, n))
    return " + ".join(terms)


def helmholtz(n: int) -> str:
    """Return the Helmholtz energy of a fluid mixed of n, of their densities.

    R·T·Σ xᵢ log(xᵢ/(1 - bᵀx)) - xᵀAx/(√8 bᵀx) · log((1 + (1 + √2) bᵀx)/(1 + (1 - √2) bᵀx)), with
    Aᵢⱼ = 1/(i + j - 1), bᵢ = (1 + |sin(i - 1)|)/50 to six digits, and R·T = 0.0013625, as ADOL-C
    has them.
    """
    names = range(1, n + 1)
    mixed = " + ".join(f"{(1 + abs(math.sin(i - 1))) / 50:.6f}*x{i}" for i in names)
    rows = (" + ".join(f"x{j}/{i + j - 1}" for j in names) for i in names)
    form = " + ".join(f"x{i}*({row})" for i, row in zip(names, rows, strict=True))
    entropy = " + ".join(f"x{i}*log(x{i}/(1 - bx))" for i in names)
    quotient = "(1 + (1 + sqrt(2))*bx)/(1 + (1 - sqrt(2))*bx)"
    return f"bx = {mixed}; xax = {form}; 0.0013625*({entropy}) - xax/(sqrt(8)*bx)*log({quotient})"


def perceptron(n: int) -> str:
    """Return the squared error of a perceptron of n hidden layers of two units, of its weights.

    The weights and biases are the inputs, the example is fixed: two numbers and what is wanted.
    """
    steps, before = [], ("0.5", "-0.25")
    for k in range(1, n + 1):
        units = [f"tanh(u{k}{i}*{before[0]} + v{k}{i}*{before[1]} + b{k}{i})" for i in (1, 2)]
        steps += [f"h{k}{i} = {unit}" for i, unit in enumerate(units, 1)]
        before = (f"h{k}1", f"h{k}2")
    return "; ".join([*steps, f"(w1*{before[0]} + w2*{before[1]} + c - 0.75)**2"])


def determinant(n: int) -> str:
    """Return the determinant of an n × n matrix, expanded along its rows, equal minors once.

    >>> determinant(2)
    'm1 = a21; m2 = a22; a11*m2 - a12*m1'
    """
    steps = []
    for size in range(1, n + 1):
        row = n + 1 - size
        for columns in combinations(range(1, n + 1), size):
            steps.append((_minor(columns), _expanded(row, columns)))
    *named, (_, whole) = steps
    return "; ".join([*(f"{name} = {text}" for name, text in named), whole])


def _minor(columns: Sequence[int]) -> str:
    return "m" + "_".join(map(str, columns))


def _expanded(row: int, columns: Sequence[int]) -> str:
    """Return a minor as its first row times smaller ones, with alternating signs."""
    if len(columns) == 1:
        return f"a{row}{columns[0]}"
    signs = ("", *(" - ", " + ") * len(columns))
    others = [[one for one in columns if one != column] for column in columns]
    terms = [f"a{row}{one}*{_minor(rest)}" for one, rest in zip(columns, others, strict=True)]
    return "".join(sign + term for sign, term in zip(signs, terms, strict=False))


def composition(n: int) -> str:
    """Return the sine of the sine of … of x, n of them.

    >>> composition(3)
    'sin(sin(sin(x)))'
    """
    return "sin(" * n + "x" + ")" * n


def network(n: int) -> Mapping[str, str]:
    """Return n outputs of eight inputs through three hidden layers of eight, with fixed weights.

    >>> len(network(3)), network(7)["y7"][-28:]
    (3, '+ 0.78125*h37 + 0.890625*h38')
    """
    layers = enumerate(("x", "h1", "h2"), 1)
    steps = [f"h{k}{i} = tanh({_weighted(i, name)})" for k, name in layers for i in _EIGHT]
    hidden = "; ".join(steps)
    return {f"y{k}": f"{hidden}; {_weighted(k, 'h3')}" for k in range(1, n + 1)}


_EIGHT = range(1, 9)
_PRIME = 97
"""Weights come round after so many."""


def _weighted(row: int, name: str) -> str:
    """Return the sum of eight numbers, each with a weight of its own in every row."""
    return " + ".join(f"{(row * j % _PRIME + 1) / 64}*{name}{j}" for j in _EIGHT)


def _assigned(name: str, steps: Sequence[str]) -> str:
    """Return steps as assignments to name1, name2, … but the last, which is the result."""
    named = [f"{name}{k} = {step}" for k, step in enumerate(steps[:-1], 1)]
    return "; ".join([*named, steps[-1]])


_GRIEWANK = "Griewank & Walther, Evaluating Derivatives, 2nd ed., 2008"
# fmt: off
CLASSICS: Mapping[str, Classic] = MappingProxyType({
    "speelpenning": Classic("Speelpenning's product", "factors", speelpenning,
                            f"{_GRIEWANK}, section 3.3; Speelpenning, thesis, 1980", least=2),
    "logistic": Classic("The logistic map", "iterates", logistic,
                        "Baydin, Pearlmutter, Radul & Siskind, JMLR 18(153), 2018, table 1",
                        least=2),
    "rosenbrock": Classic("Rosenbrock's function", "inputs", rosenbrock,
                          "Rosenbrock, Computer Journal 3(3), 1960", least=2),
    "helmholtz": Classic("The Helmholtz energy of a mixed fluid", "fluids", helmholtz,
                         "Griewank, On Automatic Differentiation, 1989; data as in ADOL-C, "
                         "ACM Trans. Math. Software 22(2), algorithm 755, 1996"),
    "perceptron": Classic("A perceptron's squared error", "hidden layers", perceptron,
                          "Rumelhart, Hinton & Williams, Nature 323, 1986"),
    "determinant": Classic("A determinant by expansion", "rows", determinant,
                           "Baur & Strassen, Theoretical Computer Science 22(3), 1983",
                           least=2, most=12),
    "composition": Classic("A deep composition of sines", "sines", composition,
                           "Laue, arXiv:1904.02990, 2019"),
    "network": Classic("A network of eight inputs", "outputs", network,
                       f"{_GRIEWANK}, chapter 3"),
})
# fmt: on
"""Every family that has a name."""
