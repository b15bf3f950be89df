"""Formulas from the literature, as plain data: what people really differentiate.

`CORPUS` holds formulas in the text language, each with a box of inputs in which it is defined
everywhere; `GOLDEN` holds values and derivatives that the literature states. Texts of many
similar terms are spelled by the helpers below, so that the terms can be read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Box = Mapping[str, tuple[float, float]]
"""The lowest and highest value of every input."""


@dataclass(frozen=True)
class Formula:
    """One formula: its text, a box inside its domain, and where it comes from."""

    name: str
    text: str
    ranges: Box
    source: str


@dataclass(frozen=True)
class Golden:
    """A value, and the derivatives that the source states or implies, of a formula at a point.

    `gradient` may name only some of the inputs. `tolerance` is absolute and holds for the value
    and for each derivative: half a unit of the last digit printed, or what the printed digits of
    the point allow.
    """

    formula: str
    at: Mapping[str, float]
    value: float
    gradient: Mapping[str, float] | None
    source: str
    tolerance: float = 1e-9


def _box(names: str, low: float, high: float) -> dict[str, tuple[float, float]]:
    """Give several inputs, named in one string, the same range."""
    return dict.fromkeys(names.split(), (low, high))


def _names(letter: str, count: int) -> str:
    """Name numbered inputs: x1 x2 x3."""
    return " ".join(f"{letter}{i}" for i in range(1, count + 1))


def _zeros(names: str) -> dict[str, float]:
    """Set several inputs, named in one string, to zero."""
    return dict.fromkeys(names.split(), 0.0)


def _sum(terms: Iterable[str]) -> str:
    """Write a sum of terms."""
    return " + ".join(terms)


def _lines(*statements: str) -> str:
    """Write statements below each other."""
    return "\n".join(statements)


def _iterate(first: str, step: str, count: int) -> str:
    """Write t1 = first, then t2, t3, ... by a step in which {t} is the value before."""
    steps = (f"t{i + 1} = {step.replace('{t}', f't{i}')}" for i in range(1, count))
    return "; ".join([f"t1 = {first}", *steps])


# ---- Papers, books and tutorials on automatic differentiation --------------------------------

_BAYDIN = "Baydin, Pearlmutter, Radul, Siskind 2018, JMLR 18(153)"
_GRIEWANK = "Griewank, Walther 2008, Evaluating Derivatives, 2nd ed."
_KARPATHY = "Karpathy 2022, The spelled-out intro to neural networks and backpropagation"


def _helmholtz(count: int) -> str:
    """Write the Helmholtz energy of a mixed fluid, with coefficients of our own."""
    x = [f"x{i}" for i in range(1, count + 1)]
    pairs = (
        f"{1 / (i + j + 1):.3g}*{x[i]}*{x[j]}" for i in range(count) for j in range(count)
    )
    return _lines(
        "b = " + _sum(f"{0.05 + 0.02 * i:.3g}*{name}" for i, name in enumerate(x)),
        "mixing = " + _sum(f"{name}*log({name}/(1 - b))" for name in x),
        "attraction = " + _sum(pairs),
        "R*T*mixing - attraction/(sqrt(8)*b)*log((1 + (1 + sqrt(2))*b)/(1 + (1 - sqrt(2))*b))",
    )


def _logistic_loss() -> str:
    """Write the loss of the logistic regression of JAX's tutorial."""
    rows = (
        ("0.52", "1.12", "0.77", 1),
        ("0.88", "-1.08", "0.15", 1),
        ("0.52", "0.06", "-1.30", 0),
        ("0.74", "-2.49", "1.39", 1),
    )
    statements = []
    for i, (a, b, c, target) in enumerate(rows, 1):
        statements.append(f"p{i} = 0.5*(tanh(({a}*W1 + {b}*W2 + {c}*W3 + b)/2) + 1)")
        statements.append(f"q{i} = p{i}*{target} + (1 - p{i})*(1 - {target})")
    return _lines(*statements, "-(" + _sum(f"log(q{i})" for i in range(1, 5)) + ")")


DIFFERENTIATION = (
    Formula(
        "running example",
        "(x + y)*(x - y)",
        {"x": (-5, 5), "y": (-5, 5)},
        "difference of two squares",
    ),
    Formula(
        "baydin",
        "log(x1) + x1*x2 - sin(x2)",
        {"x1": (0.5, 5), "x2": (-6, 6)},
        f"{_BAYDIN}, Tables 2 and 3",
    ),
    Formula(
        "running example, named",
        "a = x + y; b = x - y; a*b",
        {"x": (-5, 5), "y": (-5, 5)},
        "difference of two squares, with its factors named",
    ),
    Formula(
        "baydin, header",
        "f(x1, x2) = log(x1) + x1*x2 - sin(x2)",
        {"x1": (0.5, 5), "x2": (-6, 6)},
        f"{_BAYDIN}, Tables 2 and 3",
    ),
    Formula(
        "logistic map, 4 iterates",
        _iterate("x", "4*{t}*(1 - {t})", 4),
        {"x": (0.01, 0.99)},
        f"{_BAYDIN}, Table 1",
    ),
    Formula(
        "logistic map, 16 iterates",
        _iterate("x", "4*{t}*(1 - {t})", 16),
        {"x": (0.01, 0.99)},
        f"{_BAYDIN}, Table 1 (the same recurrence, longer)",
    ),
    Formula(
        "griewank walther",
        "(sin(x1/x2) + x1/x2 - exp(x2))*(x1/x2 - exp(x2))",
        {"x1": (-2, 3), "x2": (0.4, 2)},
        f"{_GRIEWANK}, Tables 1.2 to 1.4",
    ),
    Formula(
        "griewank walther, traced",
        "v1 = x1/x2; v2 = sin(v1); v3 = exp(x2); v4 = v1 - v3; v5 = v2 + v4; y = v5*v4",
        {"x1": (-2, 3), "x2": (0.4, 2)},
        f"{_GRIEWANK}, Table 1.2",
    ),
    Formula(
        "lighthouse y1",
        "y1 = nu*tan(omega*t)/(gamma - tan(omega*t))",
        {"nu": (0.5, 2), "gamma": (2, 3), "omega": (0.5, 1), "t": (0.1, 0.9)},
        f"{_GRIEWANK}, section 2.1",
    ),
    Formula(
        "lighthouse y2",
        "v = tan(omega*t); y1 = nu*v/(gamma - v); y2 = gamma*y1",
        {"nu": (0.5, 2), "gamma": (2, 3), "omega": (0.5, 1), "t": (0.1, 0.9)},
        f"{_GRIEWANK}, section 2.1",
    ),
    Formula(
        "speelpenning",
        "*".join(_names("x", 10).split()),
        _box(_names("x", 10), 0.5, 11),
        "Speelpenning 1980, PhD thesis, University of Illinois: the product example",
    ),
    Formula(
        "helmholtz, 3 components",
        _helmholtz(3),
        _box("x1 x2 x3", 0.1, 1.5) | {"R": (0.5, 2), "T": (0.5, 2)},
        "Griewank 1989, On automatic differentiation: Helmholtz energy; coefficients ours",
    ),
    Formula(
        "helmholtz, 6 components",
        _helmholtz(6),
        _box(_names("x", 6), 0.1, 1.2) | {"R": (0.5, 2), "T": (0.5, 2)},
        "Griewank 1989, On automatic differentiation: Helmholtz energy; coefficients ours",
    ),
    Formula(
        "rall",
        "(x*y + sin(x) + 4)*(3*y**2 + 6)",
        {"x": (-4, 4), "y": (-3, 3)},
        "Rall 1981, Automatic Differentiation, LNCS 120: the code list example",
    ),
    Formula(
        "naumann",
        "(x1**2 + x2**2 + x3**2 + x4**2)**2",
        _box("x1 x2 x3 x4", -3, 3),
        "Naumann 2012, The Art of Differentiating Computer Programs: the running example",
    ),
    Formula(
        "autograd tanh",
        "y = exp(-2.0 * x); (1.0 - y) / (1.0 + y)",
        {"x": (-3, 3)},
        "HIPS/autograd, README",
    ),
    Formula(
        "micrograd readme",
        _lines(
            "c1 = a + b",
            "d1 = a*b + b**3",
            "c2 = c1 + (c1 + 1)",
            "c3 = c2 + (1 + c2 + (-a))",
            "d2 = d1 + (d1*2 + relu(b + a))",
            "d3 = d2 + (3*d2 + relu(b - a))",
            "e = c3 - d3",
            "f = e**2",
            "g = f/2.0 + 10.0/f",
        ),
        {"a": (-4.1, -2), "b": (2, 2.5)},
        "Karpathy, micrograd, README (assignments made single)",
    ),
    Formula(
        "micrograd sanity check",
        "z = 2*x + 2 + x; q = relu(z) + z*x; h = relu(z*z); y = h + q + q*x",
        {"x": (-5, 3)},
        "Karpathy, micrograd, test/test_engine.py, test_sanity_check",
    ),
    Formula(
        "karpathy expression",
        "e = a*b; d = e + c; L = d*f",
        _box("a b c f", -10, 10),
        _KARPATHY,
    ),
    Formula(
        "karpathy neuron",
        "n = x1*w1 + x2*w2 + b; o = tanh(n)",
        {"x1": (-2, 3), "x2": (-1, 1), "w1": (-3, 0), "w2": (-1, 1), "b": (-1, 7)},
        _KARPATHY,
    ),
    Formula(
        "cs231n expression",
        "q = x + y; f = q*z",
        _box("x y z", -6, 6),
        "Stanford CS231n, notes on backpropagation: compound expressions",
    ),
    Formula(
        "cs231n neuron",
        "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
        _box("w0 x0 w1 x1 w2", -3, 3),
        "Stanford CS231n, notes on backpropagation: sigmoid example",
    ),
    Formula(
        "cs231n staged",
        _lines(
            "sigy = 1.0/(1 + exp(-y))",
            "num = x + sigy",
            "sigx = 1.0/(1 + exp(-x))",
            "den = sigx + (x + y)**2",
            "f = num*(1.0/den)",
        ),
        {"x": (-4, 4), "y": (-5, 5)},
        "Stanford CS231n, notes on backpropagation: staged computation",
    ),
    Formula(
        "olah",
        "c = a + b; d = b + 1; e = c*d",
        {"a": (-5, 5), "b": (-5, 5)},
        "Olah 2015, Calculus on Computational Graphs: Backpropagation",
    ),
    Formula(
        "jax sum_logistic",
        _sum(f"1.0/(1.0 + exp(-x{i}))" for i in range(3)),
        _box("x0 x1 x2", -4, 4),
        "JAX documentation, Quickstart: sum_logistic",
    ),
    Formula(
        "jax cubic",
        "x**3 + 2*x**2 - 3*x + 1",
        {"x": (-4, 4)},
        "JAX documentation, Automatic differentiation, section 1",
    ),
    Formula(
        "jax logistic regression",
        _logistic_loss(),
        _box("W1 W2 W3 b", -2, 2),
        "JAX documentation, Automatic differentiation, section 2",
    ),
    Formula(
        "jax guarded log",
        "where(x > 0, log(x), 0)",
        {"x": (-2, 3)},
        "JAX documentation, FAQ: gradients contain NaN where using where",
    ),
    Formula(
        "pytorch q",
        "Q = 3*a**3 - b**2",
        {"a": (-3, 3), "b": (-7, 7)},
        "PyTorch, A Gentle Introduction to torch.autograd",
    ),
    Formula(
        "tensorflow square",
        "y = x**2",
        {"x": (-4, 4)},
        "TensorFlow, Introduction to gradients and automatic differentiation",
    ),
    Formula(
        "wikipedia",
        "x1*x2 + sin(x1)",
        {"x1": (-4, 4), "x2": (-4, 4)},
        "Wikipedia, Automatic differentiation: the worked example",
    ),
    Formula(
        "hackers polynomial",
        "y = 3*x**2 + 2*x + 1",
        {"x": (-3, 3)},
        "Innes, Differentiation for Hackers (diff-zoo), introduction",
    ),
    Formula(
        "hackers wengert list",
        "5*sin(log(x))",
        {"x": (0.2, 8)},
        "Innes, Differentiation for Hackers (diff-zoo), forward and reverse mode",
    ),
    Formula(
        "shift reset",
        "2*x + x*x*x",
        {"x": (-3, 3)},
        "Wang et al. 2019, Demystifying differentiable programming, forward-mode example",
    ),
    Formula(
        "elliott magSqr",
        "a*a + b*b",
        {"a": (-3, 3), "b": (-3, 3)},
        "Elliott 2018, The simple essence of automatic differentiation: magSqr",
    ),
    Formula(
        "babylonian square root",
        _iterate("(1 + x)/2", "({t} + x/{t})/2", 10),
        {"x": (0.1, 50)},
        "Edelman, Autodiff: calculus from another angle: Babylonian sqrt, N = 10",
    ),
    Formula(
        "neidinger",
        "x*sin(x**2)",
        {"x": (-3, 4)},
        "Neidinger 2010, SIAM Review 52(3): the introductory example",
    ),
    Formula(
        "complex step",
        "exp(x)/sqrt(sin(x)**3 + cos(x)**3)",
        {"x": (-0.6, 2.1)},
        "Martins, Sturdza, Alonso 2003, ACM TOMS 29(3), section 2",
    ),
    Formula(
        "lyness moler",
        "exp(x)/(cos(x)**3 + sin(x)**3)",
        {"x": (-0.6, 2.1)},
        "Squire, Trapp 1998, SIAM Review 40(1), after Lyness and Moler 1967",
    ),
    Formula(
        "stan normal",
        "-0.5*((y - mu)/sigma)**2 - log(sigma) - 0.5*log(2*pi)",
        {"y": (-3, 3), "mu": (-2, 2), "sigma": (0.3, 3)},
        "Carpenter et al. 2015, The Stan Math Library, arXiv:1509.07164, normal log density",
    ),
)

