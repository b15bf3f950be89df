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
    pairs = (f"{1 / (i + j + 1):.3g}*{x[i]}*{x[j]}" for i in range(count) for j in range(count))
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
        {"a": (-4.1, -2), "b": (1.98, 2.5)},
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
        _box("a b c f", -12, 12),
        _KARPATHY,
    ),
    Formula(
        "karpathy neuron",
        "n = x1*w1 + x2*w2 + b; o = tanh(n)",
        {"x1": (-2, 3), "x2": (-1, 1), "w1": (-4, 0), "w2": (-2, 2), "b": (-1, 7)},
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
        _box("w0 x0 w1 x1 w2", -4, 4),
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
        {"x": (-4, 4)},
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
        "sage local minimum",
        "-x*sin(x**2)",
        {"x": (-3, 4)},
        "SageMath, reference manual, find_local_minimum",
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

# ---- Test functions of optimisation ----------------------------------------------------------

_MGH = "Moré, Garbow, Hillstrom 1981, ACM TOMS 7(1)"
_SFU = "Surjanovic, Bingham 2013, Virtual Library of Simulation Experiments"
_JAMIL = "Jamil, Yang 2013, A literature survey of benchmark functions, arXiv:1308.4008"

_BARD = (0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39)
_GAUSS = (0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989)
_KOWALIK = (
    (0.1957, 4),
    (0.1947, 2),
    (0.1735, 1),
    (0.1600, 0.5),
    (0.0844, 0.25),
    (0.0627, 0.167),
    (0.0456, 0.125),
    (0.0342, 0.1),
    (0.0323, 0.0833),
    (0.0235, 0.0714),
    (0.0246, 0.0625),
)
_HARTMANN_3 = (
    ("1.0", "3 10 30", "0.3689 0.1170 0.2673"),
    ("1.2", "0.1 10 35", "0.4699 0.4387 0.7470"),
    ("3.0", "3 10 30", "0.1091 0.8732 0.5547"),
    ("3.2", "0.1 10 35", "0.0381 0.5743 0.8828"),
)
_HARTMANN_6 = (
    ("1.0", "10 3 17 3.5 1.7 8", "0.1312 0.1696 0.5569 0.0124 0.8283 0.5886"),
    ("1.2", "0.05 10 17 0.1 8 14", "0.2329 0.4135 0.8307 0.3736 0.1004 0.9991"),
    ("3.0", "3 3.5 1.7 10 17 8", "0.2348 0.1451 0.3522 0.2883 0.3047 0.6650"),
    ("3.2", "17 8 0.05 10 0.1 14", "0.4047 0.8828 0.8732 0.5743 0.1091 0.0381"),
)
_SHEKEL = (
    ("0.1", "4 4 4 4"),
    ("0.2", "1 1 1 1"),
    ("0.2", "8 8 8 8"),
    ("0.4", "6 6 6 6"),
    ("0.4", "3 7 3 7"),
)


def _hartmann(rows: Iterable[tuple[str, str, str]]) -> str:
    """Write a Hartmann function: weighted Gaussian wells."""
    wells = []
    for weight, scales, centres in rows:
        pairs = enumerate(zip(scales.split(), centres.split(), strict=True), 1)
        wells.append(f"{weight}*exp(-({_sum(f'{a}*(x{i} - {p})**2' for i, (a, p) in pairs)}))")
    return f"-({_sum(wells)})"


def _shekel() -> str:
    """Write Shekel's foxholes for m = 5."""
    holes = []
    for depth, centre in _SHEKEL:
        squares = _sum(f"(x{i} - {c})**2" for i, c in enumerate(centre.split(), 1))
        holes.append(f"1/({squares} + {depth})")
    return f"-({_sum(holes)})"


def _discrete_boundary(count: int) -> str:
    """Write problem 28 of Moré, Garbow and Hillstrom."""
    h = f"{1 / (count + 1)}"
    statements = []
    for i in range(1, count + 1):
        left = f" - x{i - 1}" if i > 1 else ""
        right = f" - x{i + 1}" if i < count else ""
        statements.append(f"f{i} = 2*x{i}{left}{right} + {h}**2*(x{i} + {i}*{h} + 1)**3/2")
    return _lines(*statements, _sum(f"f{i}**2" for i in range(1, count + 1)))


def _broyden(count: int) -> str:
    """Write problem 30 of Moré, Garbow and Hillstrom."""
    statements = []
    for i in range(1, count + 1):
        left = f" - x{i - 1}" if i > 1 else ""
        right = f" - 2*x{i + 1}" if i < count else ""
        statements.append(f"f{i} = (3 - 2*x{i})*x{i}{left}{right} + 1")
    return _lines(*statements, _sum(f"f{i}**2" for i in range(1, count + 1)))


def _trigonometric(count: int) -> str:
    """Write problem 26 of Moré, Garbow and Hillstrom."""
    total = "s = " + _sum(f"cos(x{i})" for i in range(1, count + 1))
    terms = (f"({count} - s + {i}*(1 - cos(x{i})) - sin(x{i}))**2" for i in range(1, count + 1))
    return f"{total}\n{_sum(terms)}"


OPTIMISATION = (
    Formula(
        "rosenbrock",
        "(1 - x)**2 + 100*(y - x**2)**2",
        {"x": (-2, 2), "y": (-1, 3)},
        f"Rosenbrock 1960, Computer Journal 3; {_MGH}, problem 1",
    ),
    Formula(
        "rosenbrock, 4 inputs",
        _sum(f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(1, 4)),
        _box("x1 x2 x3 x4", -2, 2),
        f"{_SFU}: Rosenbrock function",
    ),
    Formula(
        "freudenstein roth",
        "(-13 + x + ((5 - y)*y - 2)*y)**2 + (-29 + x + ((y + 1)*y - 14)*y)**2",
        {"x": (0, 13), "y": (-3, 6)},
        f"{_MGH}, problem 2",
    ),
    Formula(
        "powell badly scaled",
        "(1e4*x*y - 1)**2 + (exp(-x) + exp(-y) - 1.0001)**2",
        {"x": (0, 1), "y": (0, 10)},
        f"{_MGH}, problem 3",
    ),
    Formula(
        "brown badly scaled",
        "(x - 1e6)**2 + (y - 2e-6)**2 + (x*y - 2)**2",
        {"x": (0, 2e6), "y": (0, 1)},
        f"{_MGH}, problem 4",
    ),
    Formula(
        "beale",
        "(1.5 - x*(1 - y))**2 + (2.25 - x*(1 - y**2))**2 + (2.625 - x*(1 - y**3))**2",
        {"x": (-4.5, 4.5), "y": (-4.5, 4.5)},
        f"{_MGH}, problem 5",
    ),
    Formula(
        "jennrich sampson",
        _sum(f"({2 + 2 * i} - (exp({i}*x) + exp({i}*y)))**2" for i in range(1, 11)),
        {"x": (0, 0.4), "y": (0, 0.4)},
        f"{_MGH}, problem 6, m = 10",
    ),
    Formula(
        "helical valley",
        _lines(
            "theta = atan(y/x)/(2*pi)",
            "100*((z - 10*theta)**2 + (sqrt(x**2 + y**2) - 1)**2) + z**2",
        ),
        {"x": (0.2, 2), "y": (-2, 2), "z": (-2, 2)},
        f"{_MGH}, problem 7",
    ),
    Formula(
        "bard",
        _sum(
            f"({y} - (x1 + {i}/({16 - i}*x2 + {min(i, 16 - i)}*x3)))**2"
            for i, y in enumerate(_BARD, 1)
        ),
        {"x1": (-1, 1), "x2": (0.5, 3), "x3": (0.5, 3)},
        f"{_MGH}, problem 8",
    ),
    Formula(
        "gaussian",
        _sum(
            f"(x1*exp(-x2*({(8 - i) / 2} - x3)**2/2) - {_GAUSS[min(i, 16 - i) - 1]})**2"
            for i in range(1, 16)
        ),
        {"x1": (-1, 1), "x2": (0, 2), "x3": (-1, 1)},
        f"{_MGH}, problem 9",
    ),
    Formula(
        "box three-dimensional",
        _sum(
            f"(exp(-{i / 10}*x) - exp(-{i / 10}*y) - z*(exp(-{i / 10}) - exp(-{i})))**2"
            for i in range(1, 11)
        ),
        {"x": (0, 10), "y": (0, 20), "z": (-2, 20)},
        f"{_MGH}, problem 12, m = 10",
    ),
    Formula(
        "powell singular",
        "(a + 10*b)**2 + 5*(c - d)**2 + (b - 2*c)**4 + 10*(a - d)**4",
        _box("a b c d", -4, 5),
        f"{_MGH}, problem 13",
    ),
    Formula(
        "wood",
        _lines(
            "p = 100*(x2 - x1**2)**2 + (1 - x1)**2",
            "q = 90*(x4 - x3**2)**2 + (1 - x3)**2",
            "r = 10*(x2 + x4 - 2)**2 + 0.1*(x2 - x4)**2",
            "p + q + r",
        ),
        _box("x1 x2 x3 x4", -3, 3),
        f"{_MGH}, problem 14",
    ),
    Formula(
        "kowalik osborne",
        _sum(f"({y} - x1*({u}**2 + {u}*x2)/({u}**2 + {u}*x3 + x4))**2" for y, u in _KOWALIK),
        _box("x1 x2 x3 x4", 0.05, 0.5),
        f"{_MGH}, problem 15",
    ),
    Formula(
        "brown dennis",
        _sum(
            f"((a + {i / 5}*b - exp({i / 5}))**2 + (c + d*sin({i / 5}) - cos({i / 5}))**2)**2"
            for i in range(1, 21)
        ),
        {"a": (-25, 25), "b": (-5, 15), "c": (-5, 5), "d": (-1, 1)},
        f"{_MGH}, problem 16, m = 20",
    ),
    Formula(
        "biggs exp6",
        _sum(
            f"(x3*exp(-{i / 10}*x1) - x4*exp(-{i / 10}*x2) + x6*exp(-{i / 10}*x5)"
            f" - (exp(-{i / 10}) - 5*exp(-{i}) + 3*exp(-{4 * i / 10})))**2"
            for i in range(1, 14)
        ),
        _box("x1 x3 x4 x5 x6", 0, 6) | {"x2": (0, 12)},
        f"{_MGH}, problem 18, m = 13",
    ),
    Formula(
        "penalty I",
        _lines(
            "spread = " + _sum(f"(x{i} - 1)**2" for i in range(1, 5)),
            "1e-5*spread + (x1**2 + x2**2 + x3**2 + x4**2 - 0.25)**2",
        ),
        _box("x1 x2 x3 x4", -1, 4),
        f"{_MGH}, problem 23, n = 4",
    ),
    Formula(
        "variably dimensioned",
        _lines(
            "s = " + _sum(f"{i}*(x{i} - 1)" for i in range(1, 6)),
            _sum(f"(x{i} - 1)**2" for i in range(1, 6)) + " + s**2 + s**4",
        ),
        _box(_names("x", 5), -1, 2),
        f"{_MGH}, problem 25, n = 5",
    ),
    Formula(
        "trigonometric",
        _trigonometric(5),
        _box(_names("x", 5), -1, 1),
        f"{_MGH}, problem 26, n = 5",
    ),
    Formula(
        "discrete boundary value",
        _discrete_boundary(4),
        _box("x1 x2 x3 x4", -1, 1),
        f"{_MGH}, problem 28, n = 4",
    ),
    Formula(
        "broyden tridiagonal",
        _broyden(6),
        _box(_names("x", 6), -2, 2),
        f"{_MGH}, problem 30, n = 6",
    ),
    Formula(
        "booth",
        "(x + 2*y - 7)**2 + (2*x + y - 5)**2",
        {"x": (-10, 10), "y": (-10, 10)},
        f"{_SFU}: Booth function",
    ),
    Formula(
        "matyas",
        "0.26*(x**2 + y**2) - 0.48*x*y",
        {"x": (-10, 10), "y": (-10, 10)},
        f"{_SFU}: Matyas function",
    ),
    Formula(
        "himmelblau",
        "f(x, y) = (x**2 + y - 11)**2 + (x + y**2 - 7)**2",
        {"x": (-5, 5), "y": (-5, 5)},
        "Himmelblau 1972, Applied Nonlinear Programming",
    ),
    Formula(
        "branin",
        "(y - 5.1/(4*pi**2)*x**2 + 5/pi*x - 6)**2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
        {"x": (-5, 10), "y": (0, 15)},
        f"{_SFU}: Branin function",
    ),
    Formula(
        "six-hump camel",
        "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (-4 + 4*y**2)*y**2",
        {"x": (-3, 3), "y": (-2, 2)},
        f"{_SFU}: six-hump camel function",
    ),
    Formula(
        "three-hump camel",
        "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
        {"x": (-5, 5), "y": (-5, 5)},
        f"{_SFU}: three-hump camel function",
    ),
    Formula(
        "goldstein price",
        _lines(
            "a = 1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2)",
            "b = 30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2)",
            "a*b",
        ),
        {"x": (-2, 2), "y": (-2, 2)},
        f"{_SFU}: Goldstein-Price function",
    ),
    Formula(
        "mccormick",
        "sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1",
        {"x": (-1.5, 4), "y": (-3, 4)},
        f"{_SFU}: McCormick function",
    ),
    Formula(
        "easom",
        "-cos(x)*cos(y)*exp(-(x - pi)**2 - (y - pi)**2)",
        {"x": (0, 6), "y": (0, 6)},
        f"{_SFU}: Easom function",
    ),
    Formula(
        "ackley",
        _lines(
            "a = -0.2*sqrt(0.5*(x**2 + y**2))",
            "b = 0.5*(cos(2*pi*x) + cos(2*pi*y))",
            "-20*exp(a) - exp(b) + exp(1) + 20",
        ),
        {"x": (0.1, 5), "y": (-5, 5)},
        f"{_SFU}: Ackley function",
    ),
    Formula(
        "rastrigin",
        "20 + (x**2 - 10*cos(2*pi*x)) + (y**2 - 10*cos(2*pi*y))",
        {"x": (-5, 5), "y": (-5, 5)},
        f"{_SFU}: Rastrigin function",
    ),
    Formula(
        "griewank",
        "(x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2)) + 1",
        {"x": (-20, 20), "y": (-20, 20)},
        f"{_SFU}: Griewank function",
    ),
    Formula(
        "levy 13",
        _lines(
            "a = sin(3*pi*x)**2",
            "b = (x - 1)**2*(1 + sin(3*pi*y)**2)",
            "c = (y - 1)**2*(1 + sin(2*pi*y)**2)",
            "a + b + c",
        ),
        {"x": (-10, 10), "y": (-10, 10)},
        f"{_SFU}: Levy function N. 13",
    ),
    Formula(
        "schaffer 2",
        "0.5 + (sin(x**2 - y**2)**2 - 0.5)/(1 + 0.001*(x**2 + y**2))**2",
        {"x": (-10, 10), "y": (-10, 10)},
        f"{_SFU}: Schaffer function N. 2",
    ),
    Formula(
        "eggholder",
        "-(y + 47)*sin(sqrt(abs(y + x/2 + 47))) - x*sin(sqrt(abs(x - (y + 47))))",
        {"x": (-50, 50), "y": (100, 400)},
        f"{_SFU}: Eggholder function",
    ),
    Formula(
        "cross in tray",
        "-0.0001*(abs(sin(x)*sin(y)*exp(abs(100 - sqrt(x**2 + y**2)/pi))) + 1)**0.1",
        {"x": (0.5, 10), "y": (-10, 10)},
        f"{_SFU}: cross-in-tray function",
    ),
    Formula(
        "holder table",
        "-abs(sin(x)*cos(y)*exp(abs(1 - sqrt(x**2 + y**2)/pi)))",
        {"x": (0.5, 10), "y": (-10, 10)},
        f"{_SFU}: Holder table function",
    ),
    Formula(
        "styblinski tang",
        "0.5*((x**4 - 16*x**2 + 5*x) + (y**4 - 16*y**2 + 5*y))",
        {"x": (-5, 5), "y": (-5, 5)},
        f"{_SFU}: Styblinski-Tang function",
    ),
    Formula(
        "bukin 6",
        "100*sqrt(abs(y - 0.01*x**2)) + 0.01*abs(x + 10)",
        {"x": (-12, -5), "y": (1.6, 3)},
        f"{_SFU}: Bukin function N. 6",
    ),
    Formula(
        "drop wave",
        "-(1 + cos(12*sqrt(x**2 + y**2)))/(0.5*(x**2 + y**2) + 2)",
        {"x": (0.2, 5), "y": (-5, 5)},
        f"{_SFU}: drop-wave function",
    ),
    Formula(
        "zakharov",
        "s = 0.5*x + y + 1.5*z; x**2 + y**2 + z**2 + s**2 + s**4",
        _box("x y z", -5, 5),
        f"{_SFU}: Zakharov function",
    ),
    Formula(
        "dixon price",
        "(x - 1)**2 + 2*(2*y**2 - x)**2",
        {"x": (-10, 10), "y": (-10, 10)},
        f"{_SFU}: Dixon-Price function",
    ),
    Formula(
        "trid",
        _sum(f"(x{i} - 1)**2" for i in range(1, 7))
        + " - ("
        + _sum(f"x{i}*x{i - 1}" for i in range(2, 7))
        + ")",
        _box(_names("x", 6), -15, 15),
        f"{_SFU}: Trid function",
    ),
    Formula(
        "michalewicz",
        "-(sin(x)*sin(x**2/pi)**20 + sin(y)*sin(2*y**2/pi)**20)",
        {"x": (0, 3.1), "y": (0, 3.1)},
        f"{_SFU}: Michalewicz function, m = 10",
    ),
    Formula(
        "shekel",
        _shekel(),
        _box("x1 x2 x3 x4", 0, 10),
        f"{_SFU}: Shekel function, m = 5",
    ),
    Formula(
        "hartmann 3",
        _hartmann(_HARTMANN_3),
        _box("x1 x2 x3", 0, 1),
        f"{_SFU}: Hartmann 3-dimensional function",
    ),
    Formula(
        "hartmann 6",
        _hartmann(_HARTMANN_6),
        _box(_names("x", 6), 0, 1),
        f"{_SFU}: Hartmann 6-dimensional function",
    ),
    Formula(
        "adjiman",
        "cos(x)*sin(y) - x/(y**2 + 1)",
        {"x": (-1, 2), "y": (-1, 1)},
        f"{_JAMIL}: Adjiman function",
    ),
    Formula(
        "bohachevsky 1",
        "x**2 + 2*y**2 - 0.3*cos(3*pi*x) - 0.4*cos(4*pi*y) + 0.7",
        {"x": (-10, 10), "y": (-10, 10)},
        f"{_SFU}: Bohachevsky function 1",
    ),
    Formula(
        "bird",
        "sin(x)*exp((1 - cos(y))**2) + cos(y)*exp((1 - sin(x))**2) + (x - y)**2",
        {"x": (-6, 6), "y": (-6, 6)},
        f"{_JAMIL}: Bird function",
    ),
    Formula(
        "schwefel 2.26",
        "837.9658 - (x*sin(sqrt(abs(x))) + y*sin(sqrt(abs(y))))",
        {"x": (1, 500), "y": (1, 500)},
        f"{_SFU}: Schwefel function",
    ),
    Formula(
        "schwefel 2.22",
        "abs(x) + abs(y) + abs(z) + abs(x)*abs(y)*abs(z)",
        _box("x y z", -10, 10),
        f"{_JAMIL}: Schwefel 2.22 function",
    ),
    Formula(
        "alpine 1",
        "abs(x*sin(x) + 0.1*x) + abs(y*sin(y) + 0.1*y)",
        {"x": (-10, 10), "y": (-10, 10)},
        f"{_JAMIL}: Alpine 1 function",
    ),
    Formula(
        "forrester",
        "(6*x - 2)**2*sin(12*x - 4)",
        {"x": (0, 1)},
        f"{_SFU}: Forrester et al. (2008) function",
    ),
    Formula(
        "gramacy lee",
        "sin(10*pi*x)/(2*x) + (x - 1)**4",
        {"x": (0.5, 2.5)},
        f"{_SFU}: Gramacy and Lee (2012) function",
    ),
)

# ---- Physics ---------------------------------------------------------------------------------

_FEYNMAN = "Feynman Lectures, as in AI Feynman (Udrescu, Tegmark 2020, Science Advances 6)"

PHYSICS = (
    Formula(
        "feynman I.6.2b",
        "exp(-((theta - theta1)/sigma)**2/2)/(sqrt(2*pi)*sigma)",
        _box("sigma theta theta1", 1, 3),
        f"{_FEYNMAN}, I.6.2b",
    ),
    Formula(
        "feynman I.8.14",
        "sqrt((x2 - x1)**2 + (y2 - y1)**2)",
        {"x1": (1, 3), "x2": (4, 6), "y1": (-3, 3), "y2": (-3, 3)},
        f"{_FEYNMAN}, I.8.14",
    ),
    Formula(
        "feynman I.9.18",
        "G*m1*m2/((x2 - x1)**2 + (y2 - y1)**2 + (z2 - z1)**2)",
        _box("m1 m2 G x2 y2 z2", 1, 2) | _box("x1 y1 z1", 3, 4),
        f"{_FEYNMAN}, I.9.18",
    ),
    Formula(
        "feynman I.10.7",
        "m_0/sqrt(1 - v**2/c**2)",
        {"m_0": (1, 5), "v": (1, 2), "c": (3, 10)},
        f"{_FEYNMAN}, I.10.7",
    ),
    Formula(
        "feynman I.11.19",
        "x1*y1 + x2*y2 + x3*y3",
        _box("x1 x2 x3 y1 y2 y3", -5, 5),
        f"{_FEYNMAN}, I.11.19",
    ),
    Formula(
        "feynman I.12.11",
        "q*(Ef + B*v*sin(theta))",
        _box("q Ef B v theta", 1, 5),
        f"{_FEYNMAN}, I.12.11",
    ),
    Formula(
        "feynman I.13.12",
        "G*m1*m2*(1/r2 - 1/r1)",
        _box("m1 m2 r1 r2 G", 1, 5),
        f"{_FEYNMAN}, I.13.12",
    ),
    Formula(
        "feynman I.15.3x",
        "(x - u*t)/sqrt(1 - u**2/c**2)",
        {"x": (5, 10), "u": (1, 2), "c": (3, 20), "t": (1, 2)},
        f"{_FEYNMAN}, I.15.3x: Lorentz transformation of x",
    ),
    Formula(
        "feynman I.15.3t",
        "(t - u*x/c**2)/sqrt(1 - u**2/c**2)",
        {"x": (1, 5), "u": (1, 2), "c": (3, 10), "t": (1, 5)},
        f"{_FEYNMAN}, I.15.3t: Lorentz transformation of t",
    ),
    Formula(
        "feynman I.16.6",
        "(u + v)/(1 + u*v/c**2)",
        _box("u v c", 1, 5),
        f"{_FEYNMAN}, I.16.6: addition of velocities",
    ),
    Formula(
        "feynman I.18.4",
        "(m1*r1 + m2*r2)/(m1 + m2)",
        _box("m1 m2 r1 r2", 1, 5),
        f"{_FEYNMAN}, I.18.4",
    ),
    Formula(
        "feynman I.26.2",
        "arcsin(n*sin(theta2))",
        {"n": (0.1, 0.9), "theta2": (-1.5, 5)},
        f"{_FEYNMAN}, I.26.2: Snell's law",
    ),
    Formula(
        "feynman I.27.6",
        "1/(1/d1 + n/d2)",
        _box("d1 d2 n", 1, 5),
        f"{_FEYNMAN}, I.27.6: focal length",
    ),
    Formula(
        "feynman I.29.16",
        "sqrt(x1**2 + x2**2 - 2*x1*x2*cos(theta1 - theta2))",
        {"x1": (1, 3), "x2": (4, 6), "theta1": (1, 5), "theta2": (1, 5)},
        f"{_FEYNMAN}, I.29.16",
    ),
    Formula(
        "feynman I.30.3",
        "Int_0*sin(n*theta/2)**2/sin(theta/2)**2",
        {"Int_0": (1, 5), "theta": (1, 5), "n": (1, 5)},
        f"{_FEYNMAN}, I.30.3: diffraction by a grating",
    ),
    Formula(
        "feynman I.32.17",
        "(1/2*epsilon*c*Ef**2)*(8*pi*r**2/3)*(omega**4/(omega**2 - omega_0**2)**2)",
        _box("epsilon c Ef r omega", 1, 2) | {"omega_0": (3, 5)},
        f"{_FEYNMAN}, I.32.17: scattering of light",
    ),
    Formula(
        "feynman I.37.4",
        "I1 + I2 + 2*sqrt(I1*I2)*cos(delta)",
        _box("I1 I2 delta", 1, 5),
        f"{_FEYNMAN}, I.37.4: interference",
    ),
    Formula(
        "feynman I.39.11",
        "1/(gamma - 1)*pr*V",
        {"gamma": (2, 5), "pr": (1, 5), "V": (1, 5)},
        f"{_FEYNMAN}, I.39.11: energy of a gas",
    ),
    Formula(
        "feynman I.40.1",
        "n_0*exp(-m*g*x/(kb*T))",
        _box("n_0 m x T g kb", 1, 5),
        f"{_FEYNMAN}, I.40.1: the exponential atmosphere",
    ),
    Formula(
        "feynman I.41.16",
        "h/(2*pi)*omega**3/(pi**2*c**2*(exp((h/(2*pi))*omega/(kb*T)) - 1))",
        _box("omega T h kb c", 1, 5),
        f"{_FEYNMAN}, I.41.16: black-body radiation",
    ),
    Formula(
        "feynman I.44.4",
        "n*kb*T*ln(V2/V1)",
        _box("n kb T V1 V2", 1, 5),
        f"{_FEYNMAN}, I.44.4: isothermal work",
    ),
    Formula(
        "feynman I.48.2",
        "m*c**2/sqrt(1 - v**2/c**2)",
        {"m": (1, 5), "v": (1, 2), "c": (3, 10)},
        f"{_FEYNMAN}, I.48.2: relativistic energy",
    ),
    Formula(
        "feynman I.50.26",
        "x1*(cos(omega*t) + alpha*cos(omega*t)**2)",
        _box("x1 omega t alpha", 1, 3),
        f"{_FEYNMAN}, I.50.26: non-linear response",
    ),
    Formula(
        "feynman II.6.15a",
        "p_d/(4*pi*epsilon)*3*z/r**5*sqrt(x**2 + y**2)",
        _box("epsilon p_d r x y z", 1, 3),
        f"{_FEYNMAN}, II.6.15a: field of a dipole",
    ),
    Formula(
        "feynman II.11.27",
        "n*alpha/(1 - (n*alpha/3))*epsilon*Ef",
        {"n": (0.1, 1), "alpha": (0.1, 1), "epsilon": (1, 2), "Ef": (1, 2)},
        f"{_FEYNMAN}, II.11.27: Clausius-Mossotti",
    ),
    Formula(
        "feynman II.13.17",
        "1/(4*pi*epsilon*c**2)*2*I/r",
        _box("epsilon c I r", 1, 5),
        f"{_FEYNMAN}, II.13.17: field of a wire",
    ),
    Formula(
        "feynman II.35.18",
        "n_0/(exp(mom*B/(kb*T)) + exp(-mom*B/(kb*T)))",
        _box("n_0 kb T mom B", 1, 3),
        f"{_FEYNMAN}, II.35.18",
    ),
    Formula(
        "feynman II.35.21",
        "n_rho*mom*tanh(mom*B/(kb*T))",
        _box("n_rho mom B kb T", 1, 5),
        f"{_FEYNMAN}, II.35.21: paramagnetism",
    ),
    Formula(
        "feynman II.36.38",
        "mom*H/(kb*T) + (mom*alpha)/(epsilon*c**2*kb*T)*M",
        _box("mom H kb T alpha epsilon c M", 1, 3),
        f"{_FEYNMAN}, II.36.38: ferromagnetism",
    ),
    Formula(
        "feynman III.9.52",
        "(p_d*Ef*t/(h/(2*pi)))*sin((omega - omega_0)*t/2)**2/((omega - omega_0)*t/2)**2",
        _box("p_d Ef t h omega_0", 1, 2) | {"omega": (3, 5)},
        f"{_FEYNMAN}, III.9.52: transition probability",
    ),
    Formula(
        "feynman III.9.52, sinc",
        "p_d*Ef*t/(h/(2*pi))*sinc((omega - omega_0)*t/2)**2",
        _box("p_d Ef t h omega_0 omega", 1, 3),
        f"{_FEYNMAN}, III.9.52, with sinc, which closes the gap at resonance",
    ),
    Formula(
        "feynman III.14.14",
        "I_0*(exp(q*Volt/(kb*T)) - 1)",
        _box("I_0 Volt", 1, 5) | _box("q kb T", 1, 2),
        f"{_FEYNMAN}, III.14.14: the diode",
    ),
    Formula(
        "feynman III.19.51",
        "-m*q**4/(2*(4*pi*epsilon)**2*(h/(2*pi))**2)*(1/n**2)",
        _box("m q h n epsilon", 1, 5),
        f"{_FEYNMAN}, III.19.51: energy levels of hydrogen",
    ),
    Formula(
        "planck",
        "B(nu, T) = 2*nu**3/(exp(nu/T) - 1)",
        {"nu": (0.1, 10), "T": (0.2, 5)},
        "Planck 1901, spectral radiance, in units with h = c = k = 1",
    ),
    Formula(
        "wien",
        "x**5/expm1(x)",
        {"x": (0.1, 30)},
        "Wien's displacement law: Planck's law by wavelength, x = h*c/(lambda*k*T)",
    ),
    Formula(
        "breit wigner",
        _lines(
            "g = sqrt(M**2*(M**2 + Gamma**2))",
            "k = 2*sqrt(2)*M*Gamma*g/(pi*sqrt(M**2 + g))",
            "k/((E**2 - M**2)**2 + M**2*Gamma**2)",
        ),
        {"E": (85, 97), "M": (90, 92), "Gamma": (2, 3)},
        "Relativistic Breit-Wigner distribution, normalised; range around the Z boson",
    ),
    Formula(
        "van der waals",
        "n*R*T/(V - n*b) - a*n**2/V**2",
        {"n": (0.5, 1.5), "T": (250, 500), "V": (0.5, 5), "a": (0.5, 6), "b": (0.02, 0.1)}
        | {"R": (0.08, 0.09)},
        "van der Waals 1873, equation of state",
    ),
    Formula(
        "van der waals, reduced",
        "8*T/(3*v - 1) - 3/v**2",
        {"v": (0.5, 5), "T": (0.8, 1.5)},
        "van der Waals 1880, law of corresponding states",
    ),
    Formula(
        "lennard jones",
        "4*epsilon*((sigma/r)**12 - (sigma/r)**6)",
        {"r": (0.9, 3), "epsilon": (0.5, 2), "sigma": (0.8, 1.2)},
        "Lennard-Jones 1931; the 12-6 potential",
    ),
    Formula(
        "morse",
        "D*(1 - exp(-a*(r - r_e)))**2",
        {"r": (0.5, 4), "D": (1, 5), "a": (0.5, 2), "r_e": (1, 2)},
        "Morse 1929, Physical Review 34",
    ),
    Formula(
        "buckingham",
        "A*exp(-B*r) - C/r**6",
        {"r": (1, 5), "A": (100, 1000), "B": (1, 4), "C": (1, 50)},
        "Buckingham 1938, Proc. R. Soc. A 168",
    ),
    Formula(
        "yukawa",
        "-g**2*exp(-m*r)/r",
        {"g": (0.5, 3), "m": (0.1, 2), "r": (0.3, 6)},
        "Yukawa 1935, the screened potential",
    ),
    Formula(
        "relativistic energy",
        "sqrt((p*c)**2 + (m*c**2)**2)",
        {"p": (-5, 5), "m": (0.5, 3), "c": (1, 2)},
        "Einstein's energy-momentum relation",
    ),
    Formula(
        "relativistic energy, hypot",
        "hypot(p*c, m*c**2)",
        {"p": (-5, 5), "m": (0.5, 3), "c": (1, 2)},
        "Einstein's energy-momentum relation",
    ),
    Formula(
        "lorentz boost",
        "beta = v/c; gamma = 1/sqrt(1 - beta**2); gamma*(E - beta*c*p)",
        {"v": (-0.9, 0.9), "c": (1, 2), "E": (1, 5), "p": (-3, 3)},
        "Lorentz transformation of the energy; names that are also functions",
    ),
    Formula(
        "pendulum energy",
        "m*l**2*ω**2/2 + m*g*l*(1 - cos(θ))",
        {"m": (0.5, 2), "l": (0.5, 2), "ω": (-3, 3), "g": (9, 10), "θ": (-3, 3)},
        "Landau, Lifshitz, Mechanics, section 5: the simple pendulum",
    ),
    Formula(
        "double pendulum",
        _lines(
            "T1 = (m1 + m2)*l1**2*w1**2/2 + m2*l2**2*w2**2/2",
            "T2 = m2*l1*l2*w1*w2*cos(p1 - p2)",
            "U = (m1 + m2)*g*l1*cos(p1) + m2*g*l2*cos(p2)",
            "L = T1 + T2 + U",
        ),
        _box("m1 m2 l1 l2", 0.5, 2) | _box("w1 w2 p1 p2", -3, 3) | {"g": (9, 10)},
        "Landau, Lifshitz, Mechanics, section 5, problem 1: the Lagrangian",
    ),
    Formula(
        "kepler equation",
        "E - e*sin(E) - M",
        {"E": (-3, 3), "e": (0, 0.95), "M": (-3, 3)},
        "Kepler 1609, as a residual",
    ),
    Formula(
        "kepler orbit",
        "a*(1 - e**2)/(1 + e*cos(nu))",
        {"a": (0.5, 5), "e": (0, 0.9), "nu": (-3, 3)},
        "Polar equation of a Kepler orbit",
    ),
    Formula(
        "kepler, 4 newton steps",
        _iterate("M + e*sin(M)", "{t} - ({t} - e*sin({t}) - M)/(1 - e*cos({t}))", 5),
        {"M": (0.2, 3), "e": (0, 0.6)},
        "Newton's method for Kepler's equation",
    ),
    Formula(
        "langevin",
        "1/tanh(x) - 1/x",
        {"x": (0.2, 10)},
        "Langevin 1905, paramagnetism",
    ),
    Formula(
        "fermi dirac",
        "1/(exp((E - mu)/(k*T)) + 1)",
        {"E": (-2, 2), "mu": (-1, 1), "k": (0.5, 1), "T": (0.2, 2)},
        "Fermi 1926; Dirac 1926",
    ),
    Formula(
        "maxwell boltzmann",
        "4*pi*(m/(2*pi*k*T))**1.5*v**2*exp(-m*v**2/(2*k*T))",
        {"m": (0.5, 3), "k": (0.5, 2), "T": (0.5, 3), "v": (0, 5)},
        "Maxwell 1860, distribution of speeds",
    ),
    Formula(
        "compton",
        "E/(1 + E/(m*c**2)*(1 - cos(theta)))",
        {"E": (0.1, 5), "m": (0.5, 2), "c": (1, 2), "theta": (0, 3.1)},
        "Compton 1923, Physical Review 21",
    ),
    Formula(
        "tsiolkovsky",
        "v_e*ln((m_dry + m_fuel)/m_dry) - g*t",
        {"v_e": (2, 5), "m_dry": (1, 5), "m_fuel": (0, 20), "g": (0, 1), "t": (0, 3)},
        "Tsiolkovsky 1903, the rocket equation, with gravity loss",
    ),
    Formula(
        "fall with drag",
        "sqrt(m*g/k)*tanh(t*sqrt(g*k/m))",
        {"m": (0.5, 5), "g": (9, 10), "k": (0.05, 1), "t": (0, 5)},
        "Fall with quadratic drag, a textbook solution",
    ),
    Formula(
        "damped oscillator",
        "A*exp(-zeta*w*t)*cos(w*sqrt(1 - zeta**2)*t + phi)",
        {"A": (0.5, 2), "zeta": (0, 0.9), "w": (0.5, 4), "t": (0, 4), "phi": (-3, 3)},
        "Underdamped harmonic oscillator, a textbook solution",
    ),
    Formula(
        "rlc impedance",
        "sqrt(R**2 + (2*pi*f*L - 1/(2*pi*f*C))**2)",
        {"R": (1, 100), "f": (50, 500), "L": (0.01, 0.1), "C": (1e-5, 1e-4)},
        "Impedance of a series RLC circuit",
    ),
    Formula(
        "mosfet",
        "v = Vgs - Vt; 0 if v <= 0 else k*(v - Vds/2)*Vds if Vds < v else k/2*v**2",
        {"Vgs": (0, 3), "Vds": (0, 3), "Vt": (0.4, 0.7), "k": (0.5, 2)},
        "Shichman, Hodges 1968, IEEE J. Solid-State Circuits 3: three regions",
    ),
    Formula(
        "pipe friction",
        "64/Re if Re < 2300 else 0.316/Re**0.25",
        {"Re": (500, 1e5)},
        "Darcy friction factor: Hagen-Poiseuille, and Blasius 1913 above Re = 2300",
    ),
    Formula(
        "colebrook",
        "1/sqrt(f) + 2*log10(eps/3.7 + 2.51/(Re*sqrt(f)))",
        {"f": (0.008, 0.1), "eps": (0, 0.05), "Re": (4000, 1e7)},
        "Colebrook 1939, as a residual",
    ),
    Formula(
        "sellmeier",
        "sqrt(1 + B1*λ**2/(λ**2 - 0.006) + B2*λ**2/(λ**2 - 0.02) + 1.01*λ**2/(λ**2 - 103.6))",
        {"λ": (0.4, 2), "B1": (0.9, 1.2), "B2": (0.1, 0.4)},
        "Sellmeier 1871; constants near those of BK7 glass",
    ),
    Formula(
        "bethe weizsaecker",
        "15.75*A - 17.8*A**(2/3) - 0.711*Z**2/cbrt(A) - 23.7*(A - 2*Z)**2/A",
        {"A": (20, 250), "Z": (10, 100)},
        "Bethe, Weizsäcker 1935, semi-empirical mass formula; constants after Rohlf 1994",
    ),
    Formula(
        "schwarzschild potential",
        "-G*M/r + L**2/(2*r**2) - G*M*L**2/(c**2*r**3)",
        {"G": (0.5, 1), "M": (0.5, 2), "L": (1, 4), "c": (1, 3), "r": (1, 20)},
        "Misner, Thorne, Wheeler 1973: effective potential of the Schwarzschild metric",
    ),
    Formula(
        "sound level",
        "10.*log10(p**2/p0**2)",
        {"p": (0.001, 10), "p0": (1e-5, 1e-4)},
        "Sound pressure level, IEC 61672 (p0 = 20 micropascal)",
    ),
    Formula(
        "henon heiles",
        "(px**2 + py**2)/2 + (x**2 + y**2)/2 + x**2*y - y**3/3",
        _box("x y px py", -1, 1),
        "Hénon, Heiles 1964, Astronomical Journal 69: the Hamiltonian",
    ),
    Formula(
        "restricted three bodies",
        _lines(
            "r1 = sqrt((x + mu)**2 + y**2)",
            "r2 = sqrt((x - 1 + mu)**2 + y**2)",
            "-(x**2 + y**2)/2 - (1 - mu)/r1 - mu/r2",
        ),
        {"x": (-2, 2), "y": (0.1, 2), "mu": (0.01, 0.5)},
        "Szebehely 1967, Theory of Orbits: effective potential",
    ),
    Formula(
        "ising magnetisation",
        "(1 - sinh(2*J/T)**(-4))**0.125",
        {"J": (0.8, 1.5), "T": (0.5, 1.7)},
        "Onsager 1949; Yang 1952: spontaneous magnetisation of the square lattice",
    ),
)

# ---- Statistics ------------------------------------------------------------------------------

_GELMAN = "Gelman et al. 2013, Bayesian Data Analysis, 3rd ed., appendix A"
_SAMPLE = (0.52, 1.31, -0.27, 2.04, 0.88, -1.13, 0.45, 1.76, 0.09, 0.61, -0.58, 1.02)

STATISTICS = (
    Formula(
        "normal cdf",
        "(1 + erf((x - mu)/(sigma*sqrt(2))))/2",
        {"x": (-3, 3), "mu": (-1, 1), "sigma": (0.5, 3)},
        "Abramowitz, Stegun 1964, 26.2.29",
    ),
    Formula(
        "normal log likelihood, 12 data",
        "-("
        + _sum(f"({y} - mu)**2" for y in _SAMPLE)
        + ")/(2*sigma**2) - 12*log(sigma) - 6*log(2*pi)",
        {"mu": (-2, 2), "sigma": (0.3, 3)},
        "Fisher 1922; data ours",
    ),
    Formula(
        "laplace",
        "-abs(x - mu)/b - log(2*b)",
        {"x": (-3, 3), "mu": (-1, 1), "b": (0.3, 3)},
        "Laplace distribution, log density",
    ),
    Formula(
        "cauchy",
        "-log(pi*s*(1 + ((x - m)/s)**2))",
        {"x": (-5, 5), "m": (-1, 1), "s": (0.3, 3)},
        "Cauchy distribution, log density",
    ),
    Formula(
        "student t",
        _lines(
            "z = (x - mu)/sigma",
            "c = lgamma((nu + 1)/2) - lgamma(nu/2) - 0.5*log(nu*pi) - log(sigma)",
            "c - (nu + 1)/2*log1p(z**2/nu)",
        ),
        {"x": (-4, 4), "mu": (-1, 1), "sigma": (0.5, 2), "nu": (1, 30)},
        f"{_GELMAN}: Student t log density",
    ),
    Formula(
        "gamma density",
        "a*log(b) - lgamma(a) + (a - 1)*log(x) - b*x",
        {"x": (0.1, 6), "a": (0.5, 6), "b": (0.3, 3)},
        f"{_GELMAN}: gamma log density",
    ),
    Formula(
        "beta density",
        "lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1)*log(x) + (b - 1)*log1p(-x)",
        {"x": (0.05, 0.95), "a": (0.5, 5), "b": (0.5, 5)},
        f"{_GELMAN}: beta log density",
    ),
    Formula(
        "poisson",
        "k*log(lambda_) - lambda_ - lgamma(k + 1)",
        {"k": (0, 20), "lambda_": (0.5, 15)},
        f"{_GELMAN}: Poisson log probability; a name beside a keyword",
    ),
    Formula(
        "negative binomial",
        "lgamma(k + r) - lgamma(k + 1) - lgamma(r) + r*log(r/(r + m)) + k*log(m/(r + m))",
        {"k": (0, 20), "r": (0.5, 10), "m": (0.5, 15)},
        f"{_GELMAN}: negative binomial, by mean and size",
    ),
    Formula(
        "binomial logit",
        "y*eta - n*softplus(eta)",
        {"y": (0, 10), "n": (10, 20), "eta": (-5, 5)},
        "McCullagh, Nelder 1989, Generalized Linear Models, chapter 4: logit link",
    ),
    Formula(
        "probit",
        "p = erfc(-(b0 + b1*x)/sqrt(2))/2; y*log(p) + (1 - y)*log(1 - p)",
        {"y": (0, 1), "b0": (-1, 1), "b1": (-1, 1), "x": (-2, 2)},
        "Bliss 1934; McCullagh, Nelder 1989, chapter 4: probit link",
    ),
    Formula(
        "complementary log-log",
        "-expm1(-exp(b0 + b1*x))",
        {"b0": (-2, 1), "b1": (-1, 1), "x": (-1, 1)},
        "McCullagh, Nelder 1989, chapter 4: complementary log-log link",
    ),
    Formula(
        "weibull",
        "log(k/l) + (k - 1)*log(x/l) - (x/l)**k",
        {"x": (0.1, 3), "k": (0.5, 4), "l": (0.5, 3)},
        "Weibull 1951, J. Applied Mechanics 18: log density",
    ),
    Formula(
        "gumbel",
        "z = (x - mu)/beta; -(z + exp(-z)) - log(beta)",
        {"x": (-2, 5), "mu": (-1, 1), "beta": (0.5, 3)},
        "Gumbel distribution, log density",
    ),
    Formula(
        "log-normal",
        "-log(x*s*sqrt(2*pi)) - (ln(x) - m)**2/(2*s**2)",
        {"x": (0.1, 8), "m": (-1, 1), "s": (0.3, 2)},
        "Log-normal distribution, log density",
    ),
    Formula(
        "pareto",
        "where(x >= m, log(a) + a*log(m) - (a + 1)*log(x), -100)",
        {"x": (0.2, 6), "m": (0.5, 2), "a": (0.5, 4)},
        "Pareto distribution, log density, with a floor outside its support",
    ),
    Formula(
        "triangular density",
        "2*(x - a)/((b - a)*(c - a)) if a <= x < c else 2*(b - x)/((b - a)*(b - c))"
        " if c <= x <= b else 0",
        {"x": (-2, 4), "a": (-1.5, -0.5), "c": (0, 1), "b": (2, 3)},
        "Triangular distribution, density; chained comparisons",
    ),
    Formula(
        "kl normal",
        "log(s2/s1) + (s1**2 + (m1 - m2)**2)/(2*s2**2) - 1/2",
        {"m1": (-2, 2), "m2": (-2, 2), "s1": (0.3, 3), "s2": (0.3, 3)},
        "Kullback, Leibler 1951; two normal distributions",
    ),
    Formula(
        "kl bernoulli",
        "p*log(p/q) + (1 - p)*log((1 - p)/(1 - q))",
        {"p": (0.05, 0.95), "q": (0.05, 0.95)},
        "Kullback, Leibler 1951; two Bernoulli distributions",
    ),
    Formula(
        "kl of a variational autoencoder",
        "-0.5*(1 + logvar - mu**2 - exp(logvar))",
        {"mu": (-2, 2), "logvar": (-3, 2)},
        "Kingma, Welling 2014, Auto-Encoding Variational Bayes, appendix B",
    ),
    Formula(
        "jensen shannon",
        _lines(
            "m = (p + q)/2",
            "a = p*log(p/m) + (1 - p)*log((1 - p)/(1 - m))",
            "b = q*log(q/m) + (1 - q)*log((1 - q)/(1 - m))",
            "(a + b)/2",
        ),
        {"p": (0.05, 0.95), "q": (0.05, 0.95)},
        "Lin 1991, IEEE Trans. Information Theory 37; two Bernoulli distributions",
    ),
    Formula(
        "huber",
        "r = y - m; 0.5*r**2 if abs(r) <= d else d*(abs(r) - 0.5*d)",
        {"y": (-4, 4), "m": (-1, 1), "d": (0.5, 2)},
        "Huber 1964, Annals of Mathematical Statistics 35",
    ),
    Formula(
        "tukey biweight",
        "where(abs(r) <= c, c**2/6*(1 - (1 - (r/c)**2)**3), c**2/6)",
        {"r": (-8, 8), "c": (3, 6)},
        "Beaton, Tukey 1974, Technometrics 16: bisquare",
    ),
    Formula(
        "pinball",
        "max(q*(y - m), (q - 1)*(y - m))",
        {"y": (-3, 3), "m": (-1, 1), "q": (0.05, 0.95)},
        "Koenker, Bassett 1978, Econometrica 46: quantile loss",
    ),
    Formula(
        "normal mixture",
        _lines(
            "n1 = exp(-0.5*((x - m1)/s1)**2)/(s1*sqrt(2*pi))",
            "n2 = exp(-0.5*((x - m2)/s2)**2)/(s2*sqrt(2*pi))",
            "log(w*n1 + (1 - w)*n2)",
        ),
        {"x": (-3, 3), "m1": (-2, 0), "m2": (0, 2), "s1": (0.5, 2), "s2": (0.5, 2)}
        | {"w": (0.1, 0.9)},
        "Pearson 1894; a mixture of two normal distributions, log density",
    ),
    Formula(
        "skew normal",
        "2*exp(-x**2/2)/sqrt(2*pi)*(1 + erf(a*x/sqrt(2)))/2",
        {"x": (-3, 3), "a": (-4, 4)},
        "Azzalini 1985, Scandinavian Journal of Statistics 12",
    ),
    Formula(
        "logsumexp",
        "m = max(a, b, c); m + log(exp(a - m) + exp(b - m) + exp(c - m))",
        _box("a b c", -30, 30),
        "Blanchard, Higham, Higham 2021, IMA J. Numerical Analysis 41: shifted logsumexp",
    ),
    Formula(
        "funnel",
        "-(v/3)**2/2 - x**2/(2*exp(v)) - v/2",
        {"v": (-4, 4), "x": (-3, 3)},
        "Neal 2003, Annals of Statistics 31: funnel, log density up to a constant",
    ),
    Formula(
        "fisher z",
        "sqrt(n - 3)*(atanh(r) - atanh(rho))",
        {"n": (5, 100), "r": (-0.9, 0.9), "rho": (-0.9, 0.9)},
        "Fisher 1921, Metron 1",
    ),
    Formula(
        "box cox",
        "(x**λ - 1)/λ",
        {"x": (0.2, 5), "λ": (0.2, 3)},
        "Box, Cox 1964, J. Royal Statistical Society B 26",
    ),
    Formula(
        "matern 5/2",
        "d = abs(x - y)/l; s**2*(1 + sqrt(5)*d + 5*d**2/3)*exp(-sqrt(5)*d)",
        {"x": (-3, 3), "y": (-3, 3), "l": (0.3, 3), "s": (0.5, 2)},
        "Rasmussen, Williams 2006, Gaussian Processes for Machine Learning, eq. 4.17",
    ),
    Formula(
        "entropy",
        "p = exp(a)/(exp(a) + exp(b)); -p*log2(p) - (1 - p)*log2(1 - p)",
        {"a": (-3, 3), "b": (-3, 3)},
        "Shannon 1948, entropy in bits",
    ),
)

# ---- Neural networks -------------------------------------------------------------------------


def _perceptron(inputs: int, hidden: int, activation: str) -> str:
    """Write a perceptron with one hidden layer and its squared error."""
    units = (
        f"h{j} = {activation}(" + _sum(f"w{j}{i}*x{i}" for i in range(1, inputs + 1)) + f" + b{j})"
        for j in range(1, hidden + 1)
    )
    output = "y = " + _sum(f"u{j}*h{j}" for j in range(1, hidden + 1)) + " + c"
    return _lines(*units, output, "0.5*(y - t)**2")


def _perceptron_box(inputs: int, hidden: int) -> dict[str, tuple[float, float]]:
    """Give a perceptron's inputs, weights, biases and target their ranges."""
    weights = " ".join(f"w{j}{i}" for j in range(1, hidden + 1) for i in range(1, inputs + 1))
    rest = f"{_names('b', hidden)} {_names('u', hidden)} c t"
    return _box(_names("x", inputs), -2, 2) | _box(weights, -1, 1) | _box(rest, -1, 1)


def _attention(keys: int) -> str:
    """Write attention of one query of two numbers over some keys."""
    indices = range(1, keys + 1)
    return _lines(
        *(f"s{i} = (q1*k{i}1 + q2*k{i}2)/sqrt(2)" for i in indices),
        "m = max(" + ", ".join(f"s{i}" for i in indices) + ")",
        *(f"e{i} = exp(s{i} - m)" for i in indices),
        "z = " + _sum(f"e{i}" for i in indices),
        "(" + _sum(f"e{i}*v{i}" for i in indices) + ")/z",
    )


NEURAL_NETWORKS = (
    Formula(
        "sigmoid",
        "sigmoid(x)",
        {"x": (-20, 20)},
        "Logistic function, Verhulst 1845",
    ),
    Formula(
        "tanh",
        "tanh(x)",
        {"x": (-5, 5)},
        "JAX documentation, Automatic differentiation: grad(jnp.tanh)",
    ),
    Formula(
        "relu",
        "relu(w*x + b)",
        {"w": (-2, 2), "x": (-2, 2), "b": (-1, 1)},
        "Nair, Hinton 2010, ICML: rectified linear unit",
    ),
    Formula(
        "leaky relu",
        "where(x > 0, x, 0.01*x)",
        {"x": (-3, 3)},
        "Maas, Hannun, Ng 2013, ICML workshop",
    ),
    Formula(
        "elu",
        "x if x > 0 else a*(exp(x) - 1)",
        {"x": (-4, 4), "a": (0.5, 2)},
        "Clevert, Unterthiner, Hochreiter 2016, ELU",
    ),
    Formula(
        "selu",
        "1.0507009873554805*where(x > 0, x, 1.6732632423543772*expm1(x))",
        {"x": (-4, 4)},
        "Klambauer et al. 2017, Self-normalizing neural networks",
    ),
    Formula(
        "gelu",
        ".5*x*(1 + erf(x/sqrt(2)))",
        {"x": (-4, 4)},
        "Hendrycks, Gimpel 2016, Gaussian error linear units",
    ),
    Formula(
        "gelu by tanh",
        "0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))",
        {"x": (-4, 4)},
        "Hendrycks, Gimpel 2016, Gaussian error linear units: approximation",
    ),
    Formula(
        "silu",
        "x*sigmoid(x)",
        {"x": (-6, 6)},
        "Elfwing, Uchibe, Doya 2018, Neural Networks 107: SiLU",
    ),
    Formula(
        "swish",
        "x*sigmoid(beta*x)",
        {"x": (-4, 4), "beta": (0.5, 2)},
        "Ramachandran, Zoph, Le 2017, Searching for activation functions",
    ),
    Formula(
        "mish",
        "x*tanh(softplus(x))",
        {"x": (-5, 5)},
        "Misra 2019, Mish",
    ),
    Formula(
        "softsign",
        "x/(1 + abs(x))",
        {"x": (-5, 5)},
        "Glorot, Bengio 2010, AISTATS: softsign",
    ),
    Formula(
        "hard swish",
        "x*min(max(x + 3, 0), 6)/6",
        {"x": (-5, 5)},
        "Howard et al. 2019, MobileNetV3: h-swish with ReLU6",
    ),
    Formula(
        "softmax cross-entropy",
        "log(exp(a) + exp(b) + exp(c)) - a",
        _box("a b c", -4, 4),
        "Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.2.3",
    ),
    Formula(
        "cross-entropy with logits",
        "max(x, 0) - x*z + log1p(exp(-abs(x)))",
        {"x": (-10, 10), "z": (0, 1)},
        "TensorFlow, tf.nn.sigmoid_cross_entropy_with_logits: the stable form",
    ),
    Formula(
        "focal loss",
        "p = sigmoid(x); -alpha*(1 - p)**gamma*log(p)",
        {"x": (-5, 5), "alpha": (0.1, 1), "gamma": (0.5, 5)},
        "Lin et al. 2017, Focal loss for dense object detection, eq. 5",
    ),
    Formula(
        "hinge loss",
        "max(0, 1 - t*(w1*x1 + w2*x2 + b)) + c*(w1**2 + w2**2)",
        _box("w1 w2 b x1 x2", -2, 2) | {"t": (-1, 1), "c": (0, 0.1)},
        "Cortes, Vapnik 1995, Machine Learning 20: support vector machine",
    ),
    Formula(
        "log-cosh loss",
        "log(cosh(y - t))",
        {"y": (-5, 5), "t": (-5, 5)},
        "log-cosh regression loss",
    ),
    Formula(
        "triplet loss",
        "relu(hypot(a1 - p1, a2 - p2)**2 - hypot(a1 - n1, a2 - n2)**2 + margin)",
        _box("a1 a2", -1, 1)
        | _box("p1 p2", 1.5, 3)
        | _box("n1 n2", -4, -1.5)
        | {"margin": (0.1, 20)},
        "Schroff, Kalenichenko, Philbin 2015, FaceNet, eq. 2",
    ),
    Formula(
        "cosine similarity",
        "(a1*b1 + a2*b2 + a3*b3)/(sqrt(a1**2 + a2**2 + a3**2)*sqrt(b1**2 + b2**2 + b3**2))",
        _box("a1 b1", 0.5, 2) | _box("a2 a3 b2 b3", -2, 2),
        "Salton 1971: cosine of the angle between document vectors",
    ),
    Formula(
        "perceptron 2-2-1",
        _perceptron(2, 2, "sigmoid"),
        _perceptron_box(2, 2),
        "Rumelhart, Hinton, Williams 1986, Nature 323: network for exclusive or",
    ),
    Formula(
        "perceptron 3-8-1",
        _perceptron(3, 8, "tanh"),
        _perceptron_box(3, 8),
        "Cybenko 1989, Math. Control Signals Systems 2: one hidden layer",
    ),
    Formula(
        "perceptron 4-9-1",
        _perceptron(4, 9, "softplus"),
        _perceptron_box(4, 9),
        "Cybenko 1989, Math. Control Signals Systems 2: one hidden layer",
    ),
    Formula(
        "lstm cell",
        _lines(
            "i = sigmoid(wi*x + ui*h + bi)",
            "f = sigmoid(wf*x + uf*h + bf)",
            "o = sigmoid(wo*x + uo*h + bo)",
            "g = tanh(wg*x + ug*h + bg)",
            "state = f*c + i*g",
            "o*tanh(state)",
        ),
        _box("x h c wi ui bi wf uf bf wo uo bo wg ug bg", -2, 2),
        "Hochreiter, Schmidhuber 1997; with the forget gate of Gers et al. 2000",
    ),
    Formula(
        "gru cell",
        _lines(
            "z = sigmoid(wz*x + uz*h)",
            "r = sigmoid(wr*x + ur*h)",
            "n = tanh(w*x + u*(r*h))",
            "z*h + (1 - z)*n",
        ),
        _box("x h wz uz wr ur w u", -2, 2),
        "Cho et al. 2014, RNN encoder-decoder, eqs. 5 to 8",
    ),
    Formula(
        "attention, 3 keys",
        _attention(3),
        _box("q1 q2 k11 k12 k21 k22 k31 k32 v1 v2 v3", -2, 2),
        "Vaswani et al. 2017, Attention is all you need, eq. 1",
    ),
    Formula(
        "attention, 8 keys",
        _attention(8),
        _box("q1 q2 " + _names("v", 8), -2, 2)
        | _box(" ".join(f"k{i}1 k{i}2" for i in range(1, 9)), -2, 2),
        "Vaswani et al. 2017, Attention is all you need, eq. 1",
    ),
    Formula(
        "layer normalisation",
        _lines(
            "m = (a + b + c)/3",
            "v = ((a - m)**2 + (b - m)**2 + (c - m)**2)/3",
            "g*(a - m)/sqrt(v + 1e-5) + k",
        ),
        _box("a b c g k", -2, 2),
        "Ba, Kiros, Hinton 2016, Layer normalization, eq. 3",
    ),
    Formula(
        "adam step",
        _lines(
            "m1 = b1*m + (1 - b1)*g",
            "v1 = b2*v + (1 - b2)*g**2",
            "w - a*(m1/(1 - b1**t))/(sqrt(v1/(1 - b2**t)) + 1e-8)",
        ),
        {"w": (-1, 1), "g": (0.1, 2), "m": (-1, 1), "v": (0.1, 1), "a": (0.001, 0.1)}
        | {"b1": (0.8, 0.95), "b2": (0.9, 0.999), "t": (1, 20)},
        "Kingma, Ba 2015, Adam, algorithm 1",
    ),
)

# ---- Numerical analysis ----------------------------------------------------------------------

_HAMMING = "Hamming 1987, Numerical Methods for Scientists and Engineers, ch. 3; Herbie, FPBench"
_ROSA = "Darulova, Kuncak 2014, Sound compilation of reals, POPL; FPBench"


def _orbit(steps: int) -> str:
    """Write steps of Rosa's N Body Simulation; the output is the last x."""
    lines = []
    for i in range(steps):
        lines.append(f"r{i} = sqrt(x{i}*x{i} + y{i}*y{i} + z{i}*z{i})")
        lines.append(f"g{i} = 39.47841760435743*(0.1/(r{i}*r{i}*r{i}))")
        for axis in "xyz" if i < steps - 1 else "x":
            lines.append(f"v{axis}{i + 1} = v{axis}{i} - {axis}{i}*g{i}")
            lines.append(f"{axis}{i + 1} = {axis}{i} + 0.1*v{axis}{i + 1}")
    return _lines(*lines)


def _swing(steps: int) -> str:
    """Write steps of Rosa's Pendulum; the output is the last angle."""
    lines = []
    for i in range(steps):
        lines.append(f"k{i} = -9.80665/2.0*sin(t{i})")
        if i < steps - 1:
            lines.append(f"w{i + 1} = w{i} + 0.01*(-9.80665/2.0*sin(t{i} + 0.01/2*w{i}))")
        lines.append(f"t{i + 1} = t{i} + 0.01*(w{i} + 0.01/2*k{i})")
    return _lines(*lines)


def _chebyshev(degree: int) -> str:
    """Write a Chebyshev polynomial by its recurrence."""
    steps = (f"T{i} = 2*x*T{i - 1} - {f'T{i - 2}' if i > 2 else '1'}" for i in range(2, degree + 1))
    return _lines("T1 = x", *steps)


NUMERICAL_ANALYSIS = (
    Formula("nmse 3.1", "sqrt(x + 1) - sqrt(x)", {"x": (0.01, 1e4)}, f"{_HAMMING}, example 3.1"),
    Formula(
        "nmse 3.3",
        "sin(x + eps) - sin(x)",
        {"x": (-3, 3), "eps": (1e-6, 0.1)},
        f"{_HAMMING}, example 3.3",
    ),
    Formula("nmse 3.4", "(1 - cos(x))/sin(x)", {"x": (0.01, 3)}, f"{_HAMMING}, example 3.4"),
    Formula("nmse 3.5", "atan(N + 1) - atan(N)", {"N": (0, 1000)}, f"{_HAMMING}, example 3.5"),
    Formula(
        "nmse 3.6",
        "1/sqrt(x) - 1/sqrt(x + 1)",
        {"x": (0.01, 1000)},
        f"{_HAMMING}, example 3.6",
    ),
    Formula(
        "nmse 3.8",
        "(N + 1)*log(N + 1) - N*log(N) - 1",
        {"N": (1, 1000)},
        f"{_HAMMING}, example 3.8",
    ),
    Formula("nmse 3.9", "1/x - cot(x)", {"x": (0.01, 3)}, f"{_HAMMING}, example 3.9"),
    Formula("nmse 3.10", "log(1 - x)/log(1 + x)", {"x": (0.01, 0.9)}, f"{_HAMMING}, example 3.10"),
    Formula(
        "nmse 3.3.3",
        "1/(x + 1) - 2/x + 1/(x - 1)",
        {"x": (1.1, 100)},
        f"{_HAMMING}, problem 3.3.3",
    ),
    Formula(
        "nmse 3.3.4",
        "cbrt(x + 1) - cbrt(x)",
        {"x": (0.1, 1000)},
        f"{_HAMMING}, problem 3.3.4",
    ),
    Formula("nmse 3.3.7", "exp(x) - 2 + exp(-x)", {"x": (-3, 3)}, f"{_HAMMING}, problem 3.3.7"),
    Formula(
        "nmse p42",
        "(-b + sqrt(b*b - 4*a*c))/(2*a)",
        {"a": (0.5, 2), "b": (5, 50), "c": (-3, 3)},
        f"{_HAMMING}, page 42, positive root",
    ),
    Formula(
        "nmse 3.4.1",
        "(1 - cos(x))/(x*x)",
        {"x": (0.001, 3)},
        f"{_HAMMING}, problem 3.4.1",
    ),
    Formula(
        "nmse 3.4.2",
        "eps*(exp((a + b)*eps) - 1)/((exp(a*eps) - 1)*(exp(b*eps) - 1))",
        {"a": (0.5, 3), "b": (0.5, 3), "eps": (0.01, 0.9)},
        f"{_HAMMING}, problem 3.4.2",
    ),
    Formula(
        "nmse 3.4.4",
        "sqrt((exp(2*x) - 1)/(exp(x) - 1))",
        {"x": (0.01, 5)},
        f"{_HAMMING}, problem 3.4.4",
    ),
    Formula(
        "nmse 3.4.5",
        "(x - sin(x))/(x - tan(x))",
        {"x": (0.1, 1.5)},
        f"{_HAMMING}, problem 3.4.5",
    ),
    Formula(
        "nmse 3.4.6",
        "(x + 1)**(1/n) - x**(1/n)",
        {"x": (0.1, 1000), "n": (1, 10)},
        f"{_HAMMING}, problem 3.4.6",
    ),
    Formula("nmse 3.11", "exp(x)/expm1(x)", {"x": (0.01, 5)}, f"{_HAMMING}, section 3.11"),
    Formula(
        "rosa doppler",
        "t1 = 331.4 + 0.6*T; (-t1*v)/((t1 + u)*(t1 + u))",
        {"u": (-100, 100), "v": (20, 20000), "T": (-30, 50)},
        f"{_ROSA}: Doppler",
    ),
    Formula(
        "rosa turbine",
        "3 + 2/(r*r) - 0.125*(3 - 2*v)*(w*w*r*r)/(1 - v) - 4.5",
        {"v": (-4.5, -0.3), "w": (0.4, 0.9), "r": (3.8, 7.8)},
        f"{_ROSA}: Turbine",
    ),
    Formula(
        "rosa jet engine",
        _lines(
            "d = x1*x1 + 1",
            "s = (3*x1*x1 + 2*x2 - x1)/d",
            "r = (3*x1*x1 - 2*x2 - x1)/d",
            "x1 + ((2*x1*s*(s - 3) + x1*x1*(4*s - 6))*d + 3*x1*x1*s + x1*x1*x1 + x1 + 3*r)",
        ),
        {"x1": (-5, 5), "x2": (-20, 5)},
        f"{_ROSA}: JetEngine",
    ),
    Formula(
        "rosa sine newton",
        _iterate(
            "x0",
            "{t} - ({t} - {t}**3/6.0 + {t}**5/120.0 + {t}**7/5040.0)"
            "/(1.0 - {t}*{t}/2.0 + {t}**4/24.0 + {t}**6/720.0)",
            4,
        ),
        {"x0": (-0.99, 0.99)},
        f"{_ROSA}: Sine Newton, 3 steps",
    ),
    Formula(
        "rosa n body",
        _orbit(4),
        {"x0": (3, 6), "y0": (3, 6), "z0": (-0.2, 0.2)}
        | {"vx0": (-3, 3), "vy0": (-3, 3), "vz0": (-0.1, 0.1)},
        f"{_ROSA}: N Body Simulation, 4 steps",
    ),
    Formula(
        "rosa pendulum",
        _swing(8),
        {"t0": (-2, 2), "w0": (-5, 5)},
        f"{_ROSA}: Pendulum, 8 steps",
    ),
    Formula(
        "fptaylor section 4",
        "t = x*y; (t - 1)/(t*t - 1)",
        {"x": (1.001, 2), "y": (1.001, 2)},
        "Solovyev et al. 2015, FPTaylor, section 4; FPBench",
    ),
    Formula(
        "kahan triangle",
        "sqrt((a + (b + c))*(c - (a - b))*(c + (a - b))*(a + (b - c)))/4",
        {"a": (5, 6), "b": (4, 5), "c": (2.5, 4)},
        "Kahan 1986, Miscalculating area and angles of a needle-like triangle",
    ),
    Formula(
        "heron triangle",
        "s = (a + b + c)/2; sqrt(s*(s - a)*(s - b)*(s - c))",
        {"a": (5, 6), "b": (4, 5), "c": (2.5, 4)},
        "Heron; the unstable form in Kahan 1986",
    ),
    Formula(
        "kahan exponential",
        "y = exp(x); (y - 1)/log(y)",
        {"x": (0.01, 3)},
        "Kahan, in Higham 2002, Accuracy and Stability, 2nd ed., section 1.14.1",
    ),
    Formula(
        "kahan exponential, guarded",
        "y = exp(x); where(y == 1, 1, (y - 1)/log(y))",
        {"x": (-3, 3)},
        "Kahan, in Higham 2002, Accuracy and Stability, 2nd ed., section 1.14.1",
    ),
    Formula(
        "rump",
        "333.75*y**6 + x**2*(11*x**2*y**2 - y**6 - 121*y**4 - 2) + 5.5*y**8 + x/(2*y)",
        {"x": (-3, 3), "y": (0.5, 3)},
        "Rump 1988, Algorithms for verified inclusions; in a tame box",
    ),
    Formula(
        "muller recurrence",
        _lines(
            "x2 = 108 - (815 - 1500/x0)/x1",
            "x3 = 108 - (815 - 1500/x1)/x2",
            "x4 = 108 - (815 - 1500/x2)/x3",
        ),
        {"x0": (3.9995, 4.0005), "x1": (4.2498, 4.2502)},
        "Muller 1989; Kahan 2006, How futile are mindless assessments of roundoff",
    ),
    Formula(
        "wilkinson",
        "*".join(f"(x - {i})" for i in range(1, 11)),
        {"x": (0.5, 10.5)},
        "Wilkinson 1963, Rounding Errors in Algebraic Processes, with 10 roots",
    ),
    Formula(
        "chebyshev 12",
        _chebyshev(12),
        {"x": (-1, 1)},
        "Chebyshev 1854; Abramowitz, Stegun 1964, 22.7.4",
    ),
    Formula(
        "runge",
        "1/(1 + 25*x**2)",
        {"x": (-1, 1)},
        "Runge 1901, Zeitschrift für Mathematik und Physik 46",
    ),
    Formula(
        "runge kutta step",
        _lines(
            "k1 = mu*(1 - x**2)*v - x; xa = x + h/2*v; va = v + h/2*k1",
            "k2 = mu*(1 - xa**2)*va - xa; xb = x + h/2*va; vb = v + h/2*k2",
            "k3 = mu*(1 - xb**2)*vb - xb; vc = v + h*k3",
            "x + h/6*(v + 2*va + 2*vb + vc)",
        ),
        {"x": (-2, 2), "v": (-2, 2), "mu": (0.1, 3), "h": (0.01, 0.3)},
        "Kutta 1901, for the oscillator of van der Pol 1926",
    ),
    Formula(
        "horner exponential",
        "1 + x*(1 + x/2*(1 + x/3*(1 + x/4*(1 + x/5*(1 + x/6*(1 + x/7*(1 + x/8)))))))",
        {"x": (-2, 2)},
        "Taylor polynomial of exp by Horner's scheme",
    ),
    Formula(
        "continued fraction of tan",
        "x/(1 - x**2/(3 - x**2/(5 - x**2/(7 - x**2/9))))",
        {"x": (-1.4, 1.4)},
        "Lambert 1761; Abramowitz, Stegun 1964, 4.3.94",
    ),
    Formula(
        "simpson of a gaussian",
        "(b - a)/6*(exp(-a**2) + 4*exp(-((a + b)/2)**2) + exp(-b**2))",
        {"a": (-2, 0), "b": (0.1, 2)},
        "Simpson's rule",
    ),
    Formula(
        "compound interest limit",
        "(1 + r/n)**n - exp(r)",
        {"r": (0.01, 1), "n": (1, 365)},
        "Bernoulli 1690; a cancellation",
    ),
    Formula(
        "tower of logarithms",
        "log(1 + log(1 + log(1 + log(1 + x))))",
        {"x": (0.1, 50)},
        "Nested logarithms, a chain without sharing",
    ),
    Formula(
        "expression swell",
        _iterate("x", "sin({t}) + cos({t})", 12),
        {"x": (-3, 3)},
        "Shared subexpressions: 2**11 paths in 33 operations",
    ),
    Formula(
        "powers",
        "x**2 + x**-2 + x**0.5 + 2**x + x**y - y**3**0.5",
        {"x": (0.5, 3), "y": (0.5, 3)},
        "Every kind of power: constant, negative, fractional exponent; constant base; both",
    ),
)

# ---- Special functions -----------------------------------------------------------------------

_AS = "Abramowitz, Stegun 1964"

SPECIAL_FUNCTIONS = (
    Formula("erf", "erf(x)", {"x": (-3, 3)}, f"{_AS}, 7.1.1"),
    Formula("erfcx", "exp(x**2)*erfc(x)", {"x": (-2, 5)}, f"{_AS}, 7.1: scaled complement"),
    Formula("gamma", "gamma(x)", {"x": (0.2, 8)}, f"{_AS}, 6.1.1"),
    Formula("gamma, reflected", "gamma(x)", {"x": (-0.9, -0.1)}, f"{_AS}, 6.1.17"),
    Formula("lgamma", "lgamma(x)", {"x": (0.1, 50)}, f"{_AS}, 6.1.41"),
    Formula(
        "beta function",
        "gamma(a)*gamma(b)/gamma(a + b)",
        {"a": (0.3, 5), "b": (0.3, 5)},
        f"{_AS}, 6.2.2",
    ),
    Formula(
        "stirling remainder",
        "lgamma(x) - ((x - 0.5)*log(x) - x + 0.5*log(2*pi) + 1/(12*x))",
        {"x": (0.5, 10)},
        f"{_AS}, 6.1.40",
    ),
    Formula("sinc", "sinc(x)", {"x": (-12, 12)}, f"{_AS}, 4.3.74: sin(x)/x, and 1 at 0"),
    Formula(
        "spherical bessel j1",
        "where(x == 0, 0, (sinc(x) - cos(x))/x)",
        {"x": (0.1, 10)},
        f"{_AS}, 10.1.11",
    ),
    Formula("gudermannian", "2*atan(tanh(x/2))", {"x": (-4, 4)}, f"{_AS}, 4.3.117"),
    Formula("gudermannian by asin", "asin(tanh(x))", {"x": (-3, 3)}, f"{_AS}, 4.3.117"),
    Formula("lambert residual", "w*exp(w) - z", {"w": (-1, 3), "z": (-0.3, 10)}, "Lambert 1758"),
    Formula("logit", "log(p/(1 - p))", {"p": (0.02, 0.98)}, "Berkson 1944: log odds"),
    Formula(
        "inverse hyperbolic",
        "asinh(x) + acosh(1 + y) - atanh(z)",
        {"x": (-5, 5), "y": (0.1, 5), "z": (-0.9, 0.9)},
        f"{_AS}, 4.6.1 to 4.6.3",
    ),
    Formula(
        "inverse hyperbolic by logarithms",
        "log(x + sqrt(x**2 + 1)) + log(y + sqrt(y**2 - 1)) + log((1 + z)/(1 - z))/2",
        {"x": (-3, 5), "y": (1.1, 5), "z": (-0.9, 0.9)},
        f"{_AS}, 4.6.20 to 4.6.22",
    ),
    Formula(
        "inverse circular",
        "arcsin(x) + arccos(x)*arctan(y)",
        {"x": (-0.95, 0.95), "y": (-5, 5)},
        f"{_AS}, 4.4.1 to 4.4.3",
    ),
    Formula(
        "secant and cosecant",
        "sec(x)**2*csc(x)**2 - tan(x)**2 - cot(x)**2",
        {"x": (0.1, 1.4)},
        f"{_AS}, 4.3: the value is 2 everywhere",
    ),
    Formula(
        "hyperbolic identity",
        "cosh(x)**2 - sinh(x)**2 + tanh(x)*cosh(x)",
        {"x": (-4, 4)},
        f"{_AS}, 4.5.16",
    ),
    Formula(
        "logarithms",
        "log(x, b) + log2(x) - log10(x) + ln(x)",
        {"x": (0.1, 100), "b": (1.5, 12)},
        f"{_AS}, 4.1.18",
    ),
    Formula(
        "equal temperament",
        "4.4e2*exp2((n - 69)/12)",
        {"n": (20, 109)},
        "MIDI tuning standard: frequency of a key",
    ),
    Formula("sawtooth", "x - floor(x)", {"x": (-3, 3)}, "Sawtooth wave: the fractional part"),
    Formula(
        "triangle wave",
        "2*abs(2*(t/p - floor(t/p + 1/2))) - 1",
        {"t": (-3, 3), "p": (0.5, 2)},
        "Triangle wave by the floor function",
    ),
    Formula("signed square", "sign(x)*x**2", {"x": (-3, 3)}, "Continuously differentiable at 0"),
    Formula(
        "theta function",
        "1 + 2*(" + _sum(f"q**{n * n}*cos({2 * n}*z)" for n in range(1, 6)) + ")",
        {"q": (0.05, 0.7), "z": (-2, 2)},
        f"{_AS}, 16.27.3, first terms",
    ),
    Formula(
        "bessel j0 series",
        "u = -x**2/4; 1 + u*(1 + u/4*(1 + u/9*(1 + u/16*(1 + u/25*(1 + u/36)))))",
        {"x": (-4, 4)},
        f"{_AS}, 9.1.12, first terms",
    ),
    Formula(
        "dilogarithm series",
        _sum(f"x**{n}/{n * n}" for n in range(1, 13)),
        {"x": (-0.9, 0.9)},
        "Lewin 1981, Polylogarithms and Associated Functions; first terms",
    ),
)

# ---- Finance and economics -------------------------------------------------------------------

_HULL = "Hull, Options, Futures, and Other Derivatives"
_BLACK_SCHOLES = _lines(
    "d1 = (log(S/K) + (r + sigma**2/2)*T)/(sigma*sqrt(T))",
    "d2 = d1 - sigma*sqrt(T)",
)
_OPTION_BOX = {
    "S": (20.0, 80.0),
    "K": (30.0, 60.0),
    "r": (0.0, 0.15),
    "sigma": (0.1, 0.6),
    "T": (0.1, 3.0),
}

FINANCE = (
    Formula(
        "black scholes call",
        _lines(
            _BLACK_SCHOLES,
            "S*(1 + erf(d1/sqrt(2)))/2 - K*exp(-r*T)*(1 + erf(d2/sqrt(2)))/2",
        ),
        _OPTION_BOX,
        "Black, Scholes 1973, J. Political Economy 81, eq. 13",
    ),
    Formula(
        "black scholes put",
        _lines(
            _BLACK_SCHOLES,
            "K*exp(-r*T)*erfc(d2/sqrt(2))/2 - S*erfc(d1/sqrt(2))/2",
        ),
        _OPTION_BOX,
        "Black, Scholes 1973, J. Political Economy 81",
    ),
    Formula(
        "binomial tree, 2 steps",
        _lines(
            "u = exp(sigma*sqrt(T/2)); d = 1/u; D = exp(-r*T/2)",
            "p = (exp(r*T/2) - d)/(u - d)",
            "uu = max(K - S*u*u, 0); ud = max(K - S*u*d, 0); dd = max(K - S*d*d, 0)",
            "vu = max(D*(p*uu + (1 - p)*ud), K - S*u)",
            "vd = max(D*(p*ud + (1 - p)*dd), K - S*d)",
            "max(D*(p*vu + (1 - p)*vd), K - S)",
        ),
        _OPTION_BOX,
        "Cox, Ross, Rubinstein 1979, J. Financial Economics 7: American put",
    ),
    Formula(
        "call payoff",
        "exp(-r*T)*max(S - K, 0)",
        {"S": (20, 80), "K": (30, 60), "r": (0, 0.1), "T": (0, 3)},
        f"{_HULL}: payoff of a call",
    ),
    Formula(
        "bond price",
        _sum(f"c/(1 + y)**{t}" for t in range(1, 11)) + " + 100/(1 + y)**10",
        {"c": (1, 8), "y": (0.005, 0.15)},
        f"{_HULL}: bond pricing, ten annual coupons",
    ),
    Formula(
        "mortgage payment",
        "P*r*(1 + r)**n/((1 + r)**n - 1)",
        {"P": (1e4, 1e6), "r": (0.001, 0.02), "n": (12, 360)},
        "Annuity formula",
    ),
    Formula(
        "vasicek bond",
        _lines(
            "B = -expm1(-a*T)/a",
            "A = (B - T)*(a**2*b - s**2/2)/a**2 - s**2*B**2/(4*a)",
            "exp(A - B*r)",
        ),
        {"a": (0.1, 1), "b": (0, 0.1), "s": (0.005, 0.05), "T": (0.5, 10), "r": (0, 0.1)},
        "Vasicek 1977, J. Financial Economics 5",
    ),
    Formula(
        "nelson siegel",
        "b0 + (b1 + b2)*(1 - exp(-m/tau))/(m/tau) - b2*exp(-m/tau)",
        {"b0": (0, 0.1), "b1": (-0.05, 0.05), "b2": (-0.05, 0.05), "m": (0.1, 30)}
        | {"tau": (0.5, 5)},
        "Nelson, Siegel 1987, J. Business 60",
    ),
    Formula(
        "cobb douglas",
        "A*L**beta*K**alpha",
        {"A": (0.5, 2), "L": (0.5, 10), "K": (0.5, 10), "alpha": (0.1, 0.9)} | {"beta": (0.1, 0.9)},
        "Cobb, Douglas 1928, American Economic Review 18",
    ),
    Formula(
        "constant elasticity",
        "F*(a*K**r + (1 - a)*L**r)**(v/r)",
        {"F": (0.5, 2), "a": (0.1, 0.9), "K": (0.5, 5), "L": (0.5, 5), "r": (0.2, 0.9)}
        | {"v": (0.5, 1.5)},
        "Arrow, Chenery, Minhas, Solow 1961",
    ),
    Formula(
        "isoelastic utility",
        "where(eta == 1, log(c), (c**(1 - eta) - 1)/(1 - eta))",
        {"c": (0.2, 5), "eta": (1.1, 4)},
        "Arrow 1965; Pratt 1964: constant relative risk aversion",
    ),
    Formula(
        "prospect value",
        "x**0.88 if x > 0 else -2.25*(-x)**0.88",
        {"x": (-10, 12)},
        "Tversky, Kahneman 1992, J. Risk and Uncertainty 5",
    ),
    Formula(
        "progressive tax",
        "0 if y <= 10 else 0.1*(y - 10) if y <= 40 else 3 + 0.3*(y - 40) if y <= 90 else"
        " 18 + 0.45*(y - 90)",
        {"y": (0, 150)},
        "A piecewise linear tax; brackets ours",
    ),
)

# ---- Chemistry and biology -------------------------------------------------------------------

CHEMISTRY_AND_BIOLOGY = (
    Formula(
        "arrhenius",
        "A*exp(-Ea/(R*T))",
        {"A": (1, 100), "Ea": (1e4, 1e5), "R": (8, 8.5), "T": (250, 600)},
        "Arrhenius 1889",
    ),
    Formula(
        "eyring",
        "kB*T/h*exp(dS/R)*exp(-dH/(R*T))",
        {"kB": (1, 2), "T": (250, 600), "h": (0.5, 1), "dS": (-50, 50), "dH": (1e4, 5e4)}
        | {"R": (8, 8.5)},
        "Eyring 1935, J. Chemical Physics 3",
    ),
    Formula(
        "nernst",
        "E0 - R*T/(z*F)*ln(Q)",
        {"E0": (-1, 1), "R": (8, 8.5), "T": (270, 330), "z": (1, 3), "F": (9e4, 1e5)}
        | {"Q": (0.01, 100)},
        "Nernst 1889",
    ),
    Formula(
        "goldman",
        "R*T/F*ln((Pk*Ko + Pna*Nao + Pcl*Cli)/(Pk*Ki + Pna*Nai + Pcl*Clo))",
        {"R": (8, 8.5), "T": (280, 320), "F": (9e4, 1e5), "Pk": (0.5, 1), "Pna": (0.01, 0.1)}
        | {"Pcl": (0.1, 0.5), "Ko": (2, 10), "Ki": (100, 160), "Nao": (120, 160)}
        | {"Nai": (5, 20), "Clo": (90, 130), "Cli": (4, 12)},
        "Goldman 1943; Hodgkin, Katz 1949",
    ),
    Formula(
        "henderson hasselbalch",
        "pKa + log10(A/HA)",
        {"pKa": (3, 10), "A": (0.01, 2), "HA": (0.01, 2)},
        "Henderson 1908; Hasselbalch 1917",
    ),
    Formula(
        "debye hueckel",
        "-A*z**2*sqrt(I)/(1 + B*a*sqrt(I))",
        {"A": (0.4, 0.6), "z": (1, 3), "I": (0.001, 0.2), "B": (0.3, 0.4), "a": (2, 9)},
        "Debye, Hückel 1923, extended law",
    ),
    Formula(
        "langmuir",
        "K*p/(1 + K*p)",
        {"K": (0.1, 5), "p": (0, 10)},
        "Langmuir 1918, J. American Chemical Society 40",
    ),
    Formula(
        "redlich kwong",
        "R*T/(V - b) - a/(sqrt(T)*V*(V + b))",
        {"R": (0.08, 0.085), "T": (250, 600), "V": (0.2, 5), "a": (10, 100), "b": (0.02, 0.1)},
        "Redlich, Kwong 1949, Chemical Reviews 44",
    ),
    Formula(
        "antoine",
        "10**(A - B/(C + T))",
        {"A": (7, 9), "B": (1200, 1800), "C": (200, 240), "T": (0, 100)},
        "Antoine 1888, vapour pressure",
    ),
    Formula(
        "butler volmer",
        "j0*(exp(alpha*f*eta) - exp(-(1 - alpha)*f*eta))",
        {"j0": (0.1, 2), "alpha": (0.3, 0.7), "f": (30, 45), "eta": (-0.2, 0.2)},
        "Butler 1924; Erdey-Grúz, Volmer 1930",
    ),
    Formula(
        "michaelis menten",
        "v(S, Vmax, Km) = Vmax*S/(Km + S)",
        {"Vmax": (0.5, 5), "S": (0, 20), "Km": (0.1, 5)},
        "Michaelis, Menten 1913",
    ),
    Formula(
        "competitive inhibition",
        "Vmax*S/(Km*(1 + I/Ki) + S)",
        {"Vmax": (0.5, 5), "S": (0, 20), "Km": (0.1, 5), "I": (0, 10), "Ki": (0.1, 5)},
        "Cornish-Bowden 2012, Fundamentals of Enzyme Kinetics",
    ),
    Formula(
        "hill",
        "x**n/(K**n + x**n)",
        {"x": (0.1, 10), "n": (0.5, 4), "K": (0.5, 5)},
        "Hill 1910, J. Physiology 40",
    ),
    Formula(
        "monod wyman changeux",
        _lines(
            "a = x*(1 + x)**3 + L*c*x*(1 + c*x)**3",
            "a/((1 + x)**4 + L*(1 + c*x)**4)",
        ),
        {"x": (0, 20), "L": (10, 1e4), "c": (0.001, 0.1)},
        "Monod, Wyman, Changeux 1965, J. Molecular Biology 12, four sites",
    ),
    Formula(
        "fitzhugh nagumo",
        "v - v**3/3 - w + I",
        {"v": (-2.5, 2.5), "w": (-1, 2), "I": (0, 1)},
        "FitzHugh 1961; Nagumo, Arimoto, Yoshizawa 1962: voltage rate",
    ),
    Formula(
        "hodgkin huxley rate",
        "0.01*(V + 55)/(1 - exp(-(V + 55)/10))",
        {"V": (-50, 50)},
        "Hodgkin, Huxley 1952, J. Physiology 117: alpha_n, in today's sign of V",
    ),
    Formula(
        "hodgkin huxley current",
        _lines(
            "(C*dV  # the membrane as a capacitor",
            " + gNa*m**3*h*(V - 50)  # sodium",
            " + gK*n**4*(V + 77)  # potassium",
            " + gL*(V + 54.4))  # leakage",
        ),
        {"C": (0.5, 2), "dV": (-10, 10), "gNa": (100, 140), "m": (0, 1), "h": (0, 1)}
        | {"V": (-80, 50), "gK": (30, 40), "n": (0, 1), "gL": (0.1, 0.5)},
        "Hodgkin, Huxley 1952, J. Physiology 117: membrane current",
    ),
    Formula(
        "lotka volterra invariant",
        "d*x - c*log(x) + b*y - a*log(y)",
        {"x": (0.1, 5), "y": (0.1, 5), "a": (0.5, 2), "b": (0.5, 2), "c": (0.5, 2)}
        | {"d": (0.5, 2)},
        "Lotka 1925; Volterra 1926: constant of motion",
    ),
    Formula(
        "gompertz",
        "a*exp(-b*exp(-c*t))",
        {"a": (0.5, 10), "b": (0.5, 5), "c": (0.1, 2), "t": (0, 10)},
        "Gompertz 1825",
    ),
    Formula(
        "logistic growth",
        "K/(1 + (K - P0)/P0*exp(-r*t))",
        {"K": (5, 20), "P0": (0.1, 5), "r": (0.1, 2), "t": (0, 10)},
        "Verhulst 1838",
    ),
    Formula(
        "holling type III",
        "a*N**2/(1 + a*h*N**2)",
        {"a": (0.1, 3), "N": (0, 10), "h": (0.1, 2)},
        "Holling 1959, Canadian Entomologist 91",
    ),
    Formula(
        "ricker, 5 generations",
        _iterate("N", "{t}*exp(r*(1 - {t}/K))", 6),
        {"N": (0.5, 10), "r": (0.1, 2.5), "K": (3, 10)},
        "Ricker 1954, J. Fisheries Research Board of Canada 11",
    ),
    Formula(
        "epidemic final size",
        "z - 1 + exp(-R0*z)",
        {"z": (0, 1), "R0": (0.5, 5)},
        "Kermack, McKendrick 1927, as a residual",
    ),
    Formula(
        "jukes cantor",
        "-3/4*log(1 - 4/3*p)",
        {"p": (0, 0.7)},
        "Jukes, Cantor 1969, Evolution of protein molecules",
    ),
    Formula(
        "kimura",
        "-0.5*log(1 - 2*P - Q) - 0.25*log(1 - 2*Q)",
        {"P": (0, 0.25), "Q": (0, 0.25)},
        "Kimura 1980, J. Molecular Evolution 16: two parameters",
    ),
    Formula(
        "haldane map",
        "-0.5*log1p(-2*r)",
        {"r": (0, 0.45)},
        "Haldane 1919, J. Genetics 8",
    ),
)

# ---- Geometry and graphics -------------------------------------------------------------------

GEOMETRY = (
    Formula(
        "haversine",
        _lines(
            "p = pi/180",
            "a = sin((lat2 - lat1)*p/2)**2",
            "b = cos(lat1*p)*cos(lat2*p)*sin((lon2 - lon1)*p/2)**2",
            "2*R*asin(sqrt(a + b))",
        ),
        {"lat1": (35, 60), "lat2": (-60, 34.5), "lon1": (-120, 0), "lon2": (-130, 40)}
        | {"R": (6300, 6400)},
        "Sinnott 1984, Sky and Telescope 68",
    ),
    Formula(
        "great circle by atan2",
        _lines(
            "d = lon2 - lon1",
            "y = hypot(cos(b)*sin(d), cos(a)*sin(b) - sin(a)*cos(b)*cos(d))",
            "atan2(y, sin(a)*sin(b) + cos(a)*cos(b)*cos(d))",
        ),
        {"a": (0.3, 1.3), "b": (-1.3, -0.1), "lon1": (-1, 1), "lon2": (-1, 1)},
        "Vincenty 1975, Survey Review 23: on a sphere",
    ),
    Formula(
        "law of cosines",
        "acos((a**2 + b**2 - c**2)/(2*a*b))",
        {"a": (3.5, 5.5), "b": (3.5, 5.5), "c": (2.1, 6.9)},
        "Euclid, Elements II.12 and II.13: the angle opposite c",
    ),
    Formula(
        "distance to a line",
        "abs(a*x + b*y + c)/sqrt(a**2 + b**2)",
        {"a": (0.5, 2), "b": (-2, 2), "c": (-2, 2), "x": (-5, 5), "y": (-5, 5)},
        "Distance of a point from a line",
    ),
    Formula(
        "polar angle",
        "atan2(y, x)",
        {"x": (0.2, 3), "y": (-3, 3)},
        "Polar coordinates",
    ),
    Formula(
        "bearing",
        "atan2(sin(d)*cos(b), cos(a)*sin(b) - sin(a)*cos(b)*cos(d))",
        {"a": (-0.5, 0.5), "b": (0.7, 1.4), "d": (0.2, 2.5)},
        "Spherical trigonometry: initial bearing",
    ),
    Formula(
        "shoelace",
        "abs(x1*(y2 - y3) + x2*(y3 - y1) + x3*(y1 - y2))/2",
        _box("x1 x2 x3 y1 y2 y3", -3, 3),
        "Gauss's area formula, for a triangle",
    ),
    Formula(
        "solid angle",
        _lines(
            "n = x*y",
            "4*atan2(n, 2*d*sqrt(4*d**2 + x**2 + y**2))",
        ),
        {"x": (0.5, 5), "y": (0.5, 5), "d": (0.5, 5)},
        "Solid angle of a rectangle of sides x, y seen at distance d above its centre",
    ),
    Formula(
        "ellipse perimeter",
        "h = ((a - b)/(a + b))**2; pi*(a + b)*(1 + 3*h/(10 + sqrt(4 - 3*h)))",
        {"a": (0.5, 5), "b": (0.5, 5)},
        "Ramanujan 1914, second approximation",
    ),
    Formula(
        "lens of two circles",
        _lines(
            "p = (d**2 + r**2 - R**2)/(2*d*r); q = (d**2 + R**2 - r**2)/(2*d*R)",
            "k = (-d + r + R)*(d + r - R)*(d - r + R)*(d + r + R)",
            "r**2*acos(p) + R**2*acos(q) - sqrt(k)/2",
        ),
        {"d": (2, 3), "r": (2, 3), "R": (2, 3)},
        "Weisstein, MathWorld, Circle-Circle Intersection, eq. 14",
    ),
    Formula(
        "rotation",
        "cos(theta)*x - sin(theta)*y",
        {"theta": (-4, 4), "x": (-3, 3), "y": (-3, 3)},
        "Rotation in the plane",
    ),
    Formula(
        "torus",
        "(sqrt(x**2 + y**2) - R)**2 + z**2 - r**2",
        {"x": (0.2, 4), "y": (-4, 4), "z": (-1, 1), "R": (1, 3), "r": (0.2, 1)},
        "Implicit equation of a torus",
    ),
    Formula(
        "signed distance of a box",
        _lines(
            "dx = abs(x) - w; dy = abs(y) - h",
            "hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0)",
        ),
        {"x": (-3, 3), "y": (-3, 3), "w": (0.5, 2), "h": (0.5, 2)},
        "Quilez, 2D distance functions: box",
    ),
    Formula(
        "smooth minimum",
        "h = max(k - abs(a - b), 0)/k; min(a, b) - h*h*k/4",
        {"a": (-2, 2), "b": (-2, 2), "k": (0.2, 2)},
        "Quilez, smooth minimum, quadratic polynomial",
    ),
    Formula(
        "smoothstep",
        "t = min(max((x - a)/(b - a), 0), 1); t*t*(3 - 2*t)",
        {"x": (-1, 4), "a": (0, 1), "b": (2, 3)},
        "OpenGL Shading Language, smoothstep",
    ),
    Formula(
        "srgb",
        "12.92*c if c <= 0.0031308 else 1.055*c**(1/2.4) - 0.055",
        {"c": (0, 1)},
        "IEC 61966-2-1: transfer function of sRGB",
    ),
    Formula(
        "cubic b-spline",
        "u = abs(x); where(u < 1, 2/3 - u**2 + u**3/2, where(u < 2, (2 - u)**3/6, 0))",
        {"x": (-3, 3)},
        "de Boor 1978, A Practical Guide to Splines: the cardinal cubic",
    ),
    Formula(
        "fresnel reflection",
        _lines(
            "s = n1/n2*sin(i); k = sqrt(max(1 - s*s, 0))",
            "where(s >= 1, 1, ((n1*cos(i) - n2*k)/(n1*cos(i) + n2*k))**2)",
        ),
        {"i": (0, 1.5), "n1": (1, 1.6), "n2": (1, 1.6)},
        "Fresnel 1823: reflectance, s-polarised light",
    ),
    Formula(
        "quadrant test",
        "where(x > 0 and y > 0, x*y, where(x < 0 or not y >= 0, x - y, x**2 + y**2))",
        {"x": (-3, 3), "y": (-3, 3)},
        "Conditions joined by and, or, not; written for this corpus",
    ),
    Formula(
        "mercator",
        "ln(tan(pi/4 + phi/2))",
        {"phi": (-1.4, 1.4)},
        "Mercator 1569; Snyder 1987, Map Projections, eq. 7-2",
    ),
)

CORPUS: tuple[Formula, ...] = (
    *DIFFERENTIATION,
    *OPTIMISATION,
    *PHYSICS,
    *STATISTICS,
    *NEURAL_NETWORKS,
    *NUMERICAL_ANALYSIS,
    *SPECIAL_FUNCTIONS,
    *FINANCE,
    *CHEMISTRY_AND_BIOLOGY,
    *GEOMETRY,
)

# ---- Values and derivatives that the literature states ---------------------------------------

_ONES = dict.fromkeys(("x1", "x2", "x3", "x4"), 1.0)
_HULL_POINT = {"S": 42.0, "K": 40.0, "r": 0.1, "sigma": 0.2, "T": 0.5}
_TEN = {f"x{i}": float(i) for i in range(1, 11)}

GOLDEN: tuple[Golden, ...] = (
    Golden("running example", {"x": 3, "y": 2}, 5.0, {"x": 6.0, "y": -4.0}, "x**2 - y**2 by hand"),
    Golden(
        "running example, named",
        {"x": 3, "y": 2},
        5.0,
        {"x": 6.0, "y": -4.0},
        "x**2 - y**2 by hand",
    ),
    Golden(
        "baydin",
        {"x1": 2, "x2": 5},
        11.652,
        {"x1": 5.5, "x2": 1.716},
        f"{_BAYDIN}, Tables 2 and 3",
        5e-4,
    ),
    Golden(
        "baydin, header",
        {"x1": 2, "x2": 5},
        11.652,
        {"x1": 5.5, "x2": 1.716},
        f"{_BAYDIN}, Tables 2 and 3",
        5e-4,
    ),
    Golden(
        "logistic map, 4 iterates",
        {"x": 0.2},
        64 * 0.2 * 0.8 * 0.6**2 * (1 - 8 * 0.2 + 8 * 0.2**2) ** 2,
        None,
        f"{_BAYDIN}, Table 1: 64*x*(1 - x)*(1 - 2*x)**2*(1 - 8*x + 8*x**2)**2",
    ),
    Golden(
        "griewank walther",
        {"x1": 1.5, "x2": 0.5},
        2.0167,
        {"x1": 3.0118, "x2": -13.7239},
        f"{_GRIEWANK}, Tables 1.2 to 1.4 (four digits carried through)",
        1e-4,
    ),
    Golden(
        "griewank walther, traced",
        {"x1": 1.5, "x2": 0.5},
        2.0167,
        {"x1": 3.0118, "x2": -13.7239},
        f"{_GRIEWANK}, Tables 1.2 to 1.4 (four digits carried through)",
        1e-4,
    ),
    Golden(
        "speelpenning",
        _TEN,
        3628800.0,
        {name: 3628800.0 / value for name, value in _TEN.items()},
        "10 factorial; the product without one factor",
    ),
    Golden(
        "autograd tanh",
        {"x": 1.0},
        0.7615941559557649,
        {"x": 0.41997434161402603},
        "HIPS/autograd, README (the value is tanh(1))",
        1e-12,
    ),
    Golden(
        "micrograd readme",
        {"a": -4.0, "b": 2.0},
        24.7041,
        {"a": 138.8338, "b": 645.5773},
        "Karpathy, micrograd, README",
        5e-5,
    ),
    Golden(
        "micrograd sanity check",
        {"x": -4.0},
        -20.0,
        {"x": 46.0},
        "Karpathy, micrograd, test/test_engine.py, test_sanity_check, as PyTorch answers",
    ),
    Golden(
        "karpathy expression",
        {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0},
        -8.0,
        {"a": 6.0, "b": -4.0, "c": -2.0, "f": 4.0},
        _KARPATHY,
    ),
    Golden(
        "karpathy neuron",
        {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432},
        0.7071067811865476,
        {"x1": -1.5, "w1": 1.0, "x2": 0.5, "w2": 0.0, "b": 0.5},
        _KARPATHY,
    ),
    Golden(
        "cs231n expression",
        {"x": -2, "y": 5, "z": -4},
        -12.0,
        {"x": -4.0, "y": -4.0, "z": 3.0},
        "Stanford CS231n, notes on backpropagation: compound expressions",
    ),
    Golden(
        "cs231n neuron",
        {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3},
        0.73,
        {"w0": -0.20, "x0": 0.39, "w1": -0.39, "x1": -0.59, "w2": 0.20},
        "Stanford CS231n, notes on backpropagation: sigmoid example",
        1e-2,
    ),
    Golden(
        "olah",
        {"a": 2, "b": 1},
        6.0,
        {"a": 2.0, "b": 5.0},
        "Olah 2015, Calculus on Computational Graphs: Backpropagation",
    ),
    Golden(
        "jax sum_logistic",
        {"x0": 0.0, "x1": 1.0, "x2": 2.0},
        2.1118556,
        {"x0": 0.25, "x1": 0.19661194, "x2": 0.10499357},
        "JAX documentation, Quickstart: single precision (the value is 1/2 + s(1) + s(2))",
        2e-7,
    ),
    Golden(
        "jax cubic",
        {"x": 1.0},
        1.0,
        {"x": 4.0},
        "JAX documentation, Automatic differentiation, section 1",
    ),
    Golden(
        "jax guarded log",
        {"x": -1.0},
        0.0,
        {"x": 0.0},
        "JAX documentation, FAQ: the branch not taken contributes nothing",
    ),
    Golden(
        "tanh",
        {"x": 2.0},
        0.9640275800758169,
        {"x": 0.070650935},
        "JAX documentation, The autodiff cookbook: grad(jnp.tanh)(2.0), single precision",
        2e-7,
    ),
    Golden(
        "pytorch q",
        {"a": 2.0, "b": 6.0},
        -12.0,
        {"a": 36.0, "b": -12.0},
        "PyTorch, A Gentle Introduction to torch.autograd: 9*a**2 and -2*b",
    ),
    Golden(
        "tensorflow square",
        {"x": 3.0},
        9.0,
        {"x": 6.0},
        "TensorFlow, Introduction to gradients and automatic differentiation",
    ),
    Golden(
        "hackers polynomial",
        {"x": 0.5},
        2.75,
        {"x": 5.0},
        "Innes, Differentiation for Hackers (diff-zoo), introduction",
    ),
    Golden(
        "shift reset",
        {"x": 3.0},
        33.0,
        {"x": 29.0},
        "Wang et al. 2019: the derivative is 2 + 3*x*x",
    ),
    Golden(
        "babylonian square root",
        {"x": 3.141592653589793},
        1.7724538509055159,
        {"x": 0.28209479177387814},
        "Edelman, Autodiff: calculus from another angle (the derivative is 1/(2*sqrt(x)))",
        1e-12,
    ),
    Golden(
        "sage local minimum",
        {"x": -2.1945027498534686},
        -2.182769784677722,
        {"x": 0.0},
        "SageMath, reference manual, find_local_minimum on (-2.5, -1)",
        1e-6,
    ),
    Golden(
        "complex step",
        {"x": 1.5},
        4.497780053946162,
        {"x": 4.053427893898621},
        "Fike, Alonso 2011, The development of hyper-dual numbers; Martins et al. 2003",
        1e-12,
    ),
    Golden(
        "rosenbrock",
        {"x": 1, "y": 1},
        0.0,
        {"x": 0.0, "y": 0.0},
        f"{_MGH}, problem 1: the minimiser",
    ),
    Golden(
        "rosenbrock",
        {"x": -1.2, "y": 1},
        24.2,
        {"x": -215.6, "y": -88.0},
        f"{_MGH}, problem 1: the standard starting point",
    ),
    Golden(
        "rosenbrock, 4 inputs",
        {
            "x1": -0.7756592265653526,
            "x2": 0.6130933654850433,
            "x3": 0.38206284633839305,
            "x4": 0.14597201855219452,
        },
        3.701428610430017,
        _zeros("x1 x2 x3 x4"),
        "gonum, optimize/functions: local minimum",
        1e-7,
    ),
    Golden(
        "freudenstein roth",
        {"x": 5, "y": 4},
        0.0,
        _zeros("x y"),
        f"{_MGH}, problem 2: the global minimiser",
    ),
    Golden(
        "freudenstein roth",
        {"x": 11.412779, "y": -0.89680526},
        48.98425,
        _zeros("x y"),
        f"{_MGH}, problem 2: the local minimiser",
        1e-4,
    ),
    Golden(
        "powell badly scaled",
        {"x": 1.0981593296997149e-05, "y": 9.106146739867375},
        0.0,
        _zeros("x y"),
        "gonum, optimize/functions; Moré, Garbow, Hillstrom 1981, problem 3",
        1e-8,
    ),
    Golden(
        "brown badly scaled",
        {"x": 1e6, "y": 2e-6},
        0.0,
        _zeros("x y"),
        f"{_MGH}, problem 4: the minimiser",
        1e-6,
    ),
    Golden("beale", {"x": 3, "y": 0.5}, 0.0, _zeros("x y"), f"{_MGH}, problem 5: the minimiser"),
    Golden(
        "jennrich sampson",
        {"x": 0.257825, "y": 0.257825},
        124.362,
        _zeros("x y"),
        f"{_MGH}, problem 6: the minimiser",
        0.05,
    ),
    Golden(
        "helical valley",
        {"x": 1, "y": 0, "z": 0},
        0.0,
        _zeros("x y z"),
        f"{_MGH}, problem 7: the minimiser",
    ),
    Golden(
        "bard",
        {"x1": 0.08241056, "x2": 1.133036, "x3": 2.343695},
        8.21487e-3,
        _zeros("x1 x2 x3"),
        f"{_MGH}, problem 8: the minimum; the minimiser to seven digits",
        5e-6,
    ),
    Golden(
        "gaussian",
        {"x1": 0.398956137837997, "x2": 1.0000190844805048, "x3": 0},
        1.12793276961912e-08,
        _zeros("x1 x2 x3"),
        "gonum, optimize/functions; Moré, Garbow, Hillstrom 1981, problem 9",
        1e-10,
    ),
    Golden(
        "box three-dimensional",
        {"x": 1, "y": 10, "z": 1},
        0.0,
        _zeros("x y z"),
        f"{_MGH}, problem 12: a minimiser",
    ),
    Golden(
        "powell singular",
        _zeros("a b c d"),
        0.0,
        _zeros("a b c d"),
        f"{_MGH}, problem 13: the minimiser",
    ),
    Golden("wood", _ONES, 0.0, _zeros("x1 x2 x3 x4"), f"{_MGH}, problem 14: the minimiser"),
    Golden(
        "kowalik osborne",
        {"x1": 0.192807, "x2": 0.191282, "x3": 0.123057, "x4": 0.136062},
        3.07505e-4,
        _zeros("x1 x2 x3 x4"),
        f"{_MGH}, problem 15: the minimum; the minimiser to six digits",
        1e-6,
    ),
    Golden(
        "brown dennis",
        {
            "a": -11.594439904762162,
            "b": 13.203630051207202,
            "c": -0.4034394881768612,
            "d": 0.2367787744557347,
        },
        85822.20162635634,
        _zeros("a b c d"),
        "gonum, optimize/functions; Moré, Garbow, Hillstrom 1981, problem 16",
        1e-6,
    ),
    Golden(
        "biggs exp6",
        {"x1": 1, "x2": 10, "x3": 1, "x4": 5, "x5": 4, "x6": 3},
        0.0,
        _zeros(_names("x", 6)),
        f"{_MGH}, problem 18: a minimiser",
    ),
    Golden(
        "penalty I",
        dict.fromkeys(("x1", "x2", "x3", "x4"), 0.2500074995875379),
        2.2499775008999372e-05,
        _zeros("x1 x2 x3 x4"),
        "gonum, optimize/functions; Moré, Garbow, Hillstrom 1981, problem 23",
        1e-10,
    ),
    Golden("booth", {"x": 1, "y": 3}, 0.0, _zeros("x y"), f"{_SFU}: Booth function, the minimiser"),
    Golden("matyas", _zeros("x y"), 0.0, _zeros("x y"), f"{_SFU}: Matyas function, the minimiser"),
    Golden(
        "himmelblau",
        {"x": 3, "y": 2},
        0.0,
        _zeros("x y"),
        "Himmelblau 1972, a minimiser",
    ),
    Golden(
        "himmelblau",
        {"x": -0.270845, "y": -0.923039},
        181.617,
        _zeros("x y"),
        "Wikipedia, Himmelblau's function: the local maximum",
        1e-3,
    ),
    Golden(
        "branin",
        {"x": 3.141592653589793, "y": 2.275},
        0.397887,
        _zeros("x y"),
        f"{_SFU}: Branin function, a minimiser",
        5e-7,
    ),
    Golden(
        "six-hump camel",
        {"x": 0.0898, "y": -0.7126},
        -1.0316,
        _zeros("x y"),
        f"{_SFU}: six-hump camel function, a minimiser",
        1e-3,
    ),
    Golden(
        "three-hump camel",
        _zeros("x y"),
        0.0,
        _zeros("x y"),
        f"{_SFU}: three-hump camel function, the minimiser",
    ),
    Golden(
        "goldstein price",
        {"x": 0, "y": -1},
        3.0,
        _zeros("x y"),
        f"{_SFU}: Goldstein-Price function, the minimiser",
    ),
    Golden(
        "mccormick",
        {"x": -0.54719755, "y": -1.54719755},
        -1.9133,
        _zeros("x y"),
        f"{_SFU}: McCormick function, the minimiser",
        1e-4,
    ),
    Golden(
        "easom",
        {"x": 3.141592653589793, "y": 3.141592653589793},
        -1.0,
        _zeros("x y"),
        f"{_SFU}: Easom function, the minimiser",
    ),
    Golden(
        "rastrigin",
        _zeros("x y"),
        0.0,
        _zeros("x y"),
        f"{_SFU}: Rastrigin function, the minimiser",
    ),
    Golden(
        "griewank",
        _zeros("x y"),
        0.0,
        _zeros("x y"),
        f"{_SFU}: Griewank function, the minimiser",
    ),
    Golden(
        "levy 13",
        {"x": 1, "y": 1},
        0.0,
        _zeros("x y"),
        f"{_SFU}: Levy function N. 13, the minimiser",
    ),
    Golden(
        "styblinski tang",
        {"x": -2.903534, "y": -2.903534},
        -78.33233,
        _zeros("x y"),
        f"{_SFU}: Styblinski-Tang function, the minimiser",
        2e-5,
    ),
    Golden(
        "zakharov",
        _zeros("x y z"),
        0.0,
        _zeros("x y z"),
        f"{_SFU}: Zakharov function, the minimiser",
    ),
    Golden(
        "dixon price",
        {"x": 1, "y": 0.7071067811865476},
        0.0,
        _zeros("x y"),
        f"{_SFU}: Dixon-Price function, a minimiser",
    ),
    Golden(
        "trid",
        {f"x{i}": i * (7 - i) for i in range(1, 7)},
        -50.0,
        _zeros(_names("x", 6)),
        f"{_SFU}: Trid function, the minimiser for 6 inputs",
    ),
    Golden(
        "michalewicz",
        {"x": 2.20, "y": 1.57},
        -1.8013,
        None,
        f"{_SFU}: Michalewicz function, the minimum for 2 inputs",
        1e-3,
    ),
    Golden(
        "hartmann 3",
        {"x1": 0.114614, "x2": 0.555649, "x3": 0.852547},
        -3.86278,
        _zeros("x1 x2 x3"),
        f"{_SFU}: Hartmann 3-dimensional function, the minimiser",
        1e-4,
    ),
    Golden(
        "hartmann 6",
        dict(
            zip(
                _names("x", 6).split(),
                (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573),
                strict=True,
            )
        ),
        -3.32237,
        _zeros(_names("x", 6)),
        f"{_SFU}: Hartmann 6-dimensional function, the minimiser",
        1e-4,
    ),
    Golden(
        "bohachevsky 1",
        _zeros("x y"),
        0.0,
        _zeros("x y"),
        f"{_SFU}: Bohachevsky function 1, the minimiser",
    ),
    Golden(
        "bird",
        {"x": 4.70104, "y": 3.15294},
        -106.764537,
        _zeros("x y"),
        f"{_JAMIL}: Bird function, a minimiser",
        5e-3,
    ),
    Golden(
        "forrester",
        {"x": 0.757249},
        -6.02074,
        {"x": 0.0},
        f"{_SFU}: Forrester et al. (2008) function, the minimiser",
        1e-3,
    ),
    Golden(
        "gramacy lee",
        {"x": 0.548563},
        -0.869011,
        {"x": 0.0},
        f"{_SFU}: Gramacy and Lee (2012) function, the minimiser",
        1e-3,
    ),
    Golden(
        "lennard jones",
        {"r": 2 ** (1 / 6), "epsilon": 1.0, "sigma": 1.0},
        -1.0,
        {"r": 0.0, "epsilon": -1.0, "sigma": 0.0},
        "The minimum lies at 2**(1/6)*sigma and is -epsilon deep",
    ),
    Golden(
        "morse",
        {"r": 1.5, "D": 3.0, "a": 1.2, "r_e": 1.5},
        0.0,
        _zeros("r D a r_e"),
        "The minimum lies at the equilibrium distance",
    ),
    Golden(
        "van der waals, reduced",
        {"v": 1.0, "T": 1.0},
        1.0,
        {"v": 0.0, "T": 4.0},
        "The critical point: reduced pressure 1 and a level isotherm",
    ),
    Golden(
        "wien",
        {"x": 4.965114231744276},
        21.20143582,
        {"x": 0.0},
        "CODATA: the root of Wien's displacement law (the value from 5 - x = 5*exp(-x))",
        1e-6,
    ),
    Golden(
        "kl normal",
        {"m1": 0.5, "m2": 0.5, "s1": 1.5, "s2": 1.5},
        0.0,
        _zeros("m1 m2 s1 s2"),
        "A divergence and its derivatives vanish between equal distributions",
    ),
    Golden(
        "kl of a variational autoencoder",
        {"mu": 0.0, "logvar": 0.0},
        0.0,
        _zeros("mu logvar"),
        "The divergence of the prior from itself",
    ),
    Golden(
        "normal cdf",
        {"x": 1.96, "mu": 0.0, "sigma": 1.0},
        0.9750021,
        {"x": 0.0584409},
        f"{_AS}, Table 26.1: distribution and density at 1.96",
        5e-7,
    ),
    Golden(
        "silu",
        {"x": -1.28},
        -0.28,
        {"x": 0.0},
        "Elfwing, Uchibe, Doya 2018: the global minimum is about -0.28 at -1.28",
        5e-3,
    ),
    Golden("erf", {"x": 1.0}, 0.8427007929, {"x": 0.4151074974}, f"{_AS}, Table 7.1", 5e-10),
    Golden("gamma", {"x": 5.0}, 24.0, None, f"{_AS}, 6.1.6"),
    Golden(
        "gamma", {"x": 1.0}, 1.0, {"x": -0.5772156649}, f"{_AS}, 6.3.2: minus Euler's gamma", 5e-10
    ),
    Golden(
        "gamma",
        {"x": 1.4616321449683623},
        0.8856031944108887,
        {"x": 0.0},
        "NIST Digital Library of Mathematical Functions, section 5.4(iii)",
        1e-12,
    ),
    Golden("lgamma", {"x": 1.0}, 0.0, {"x": -0.5772156649}, f"{_AS}, 6.3.2", 5e-10),
    Golden("sinc", {"x": 0.0}, 1.0, {"x": 0.0}, f"{_AS}, 4.3.74: the limit, an even function"),
    Golden(
        "secant and cosecant",
        {"x": 0.7},
        2.0,
        {"x": 0.0},
        "sec**2*csc**2 = sec**2 + csc**2 = tan**2 + cot**2 + 2",
    ),
    Golden(
        "black scholes call",
        _HULL_POINT,
        4.76,
        {"S": 0.7791},
        f"{_HULL}: the Black-Scholes example; delta is N(d1) = 0.7791",
        5e-3,
    ),
    Golden(
        "black scholes put",
        _HULL_POINT,
        0.81,
        {"S": -0.2209},
        f"{_HULL}: the Black-Scholes example; delta is N(d1) - 1",
        5e-3,
    ),
    Golden(
        "michaelis menten",
        {"Vmax": 3.0, "S": 2.0, "Km": 2.0},
        1.5,
        {"Vmax": 0.5},
        "Michaelis, Menten 1913: half the limiting rate at S = Km",
    ),
    Golden(
        "haversine",
        {"lat1": 36.12, "lon1": -86.67, "lat2": 33.94, "lon2": -118.40, "R": 6372.8},
        2887.2599506071,
        None,
        "Rosetta Code, Haversine formula: Nashville to Los Angeles",
        1e-6,
    ),
    Golden(
        "law of cosines",
        {"a": 4.0, "b": 5.0, "c": 41**0.5},
        1.5707963267948966,
        None,
        "Pythagoras: a right angle",
    ),
)
