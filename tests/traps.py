"""Formulas on which derivative checkers fail, as plain data: a point, what is right, and why.

Most are traps for finite differences and fixed tolerances: the derivative is right and they call
it wrong, or it is wrong and they see nothing. Others are traps for automatic differentiation
itself: kinks, cancellation, overflow in between, branches. `verdicts` says what `adviz.check`
may say of adviz's own modes there; where there are several, rounding or taste decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import factorial, nextafter, pi

from adviz.checking.finding import Verdict

Verdicts = frozenset[Verdict]


@dataclass(frozen=True)
class Trap:
    """A formula at a point, what may be said of its derivatives there, and why it is a trap."""

    text: str
    at: Mapping[str, float]
    verdicts: Verdicts
    """What the report as a whole may say: the worst of all its derivatives."""
    why: str
    source: str = ""
    name: str = ""
    """What it is called where its text is long."""

    def __str__(self) -> str:
        point = ", ".join(f"{name} = {value!r}" for name, value in self.at.items())
        return f"{self.name or self.text} at {point}"


AGREES: Verdicts = frozenset({"agrees", "witness failed"})
"""The derivative is right; a finite difference may still be off, and is then said to be."""
ILL: Verdicts = frozenset({"ill-conditioned"})
KINK: Verdicts = frozenset({"not differentiable"})
INFINITE: Verdicts = frozenset({"not finite"})
UNDEFINED: Verdicts = frozenset({"undefined"})
WRONG: Verdicts = frozenset({"wrong gradient"})
"""A convention at a kink gives a number that is not the derivative, though there is one."""
LOSSY: Verdicts = AGREES | ILL
"""About half of the digits are lost."""
NO_NUMBER: Verdicts = INFINITE | UNDEFINED
EDGE: Verdicts = KINK | NO_NUMBER
"""A slope without limit at the edge of a domain or at a cusp."""

_HIGHAM = "Higham 2002, Accuracy and Stability of Numerical Algorithms, 2nd ed."
_GRIEWANK = "Griewank, Walther 2008, Evaluating Derivatives, 2nd ed."
_KAKADE = "Kakade, Lee 2018, Provably Correct Automatic Subdifferentiation for Qualified Programs"
_BOLTE = "Bolte, Pauwels 2020, A mathematical model for automatic differentiation in ML"
_LEE = "Lee, Yu, Rival, Yang 2020, On Correctness of AD for Non-Differentiable Functions"
_KAHAN = "Kahan 2014, Miscalculating Area and Angles of a Needle-like Triangle"
_MULLER = "Muller et al. 2018, Handbook of Floating-Point Arithmetic, 2nd ed., 1.3"
_RUMP = "Rump 1988, Algorithms for verified inclusions"
_JAX = "JAX documentation, Frequently asked questions, gradients contain NaN where using where"
_WILKINSON = "Wilkinson 1963, Rounding Errors in Algebraic Processes, ch. 2"
_MAECHLER = "Maechler 2012, Accurately Computing log(1 - exp(-|a|))"
_BLANCHARD = "Blanchard, Higham, Higham 2021, Accurately computing the log-sum-exp and softmax"
_ROSENBROCK = "Rosenbrock 1960, The Computer Journal 3"


def _traps(
    verdicts: Verdicts,
    *rows: tuple[str, Mapping[str, float], str] | tuple[str, Mapping[str, float], str, str],
) -> list[Trap]:
    """Return traps that have the same verdicts."""
    return [Trap(row[0], row[1], verdicts, *row[2:]) for row in rows]


def _x(value: float) -> dict[str, float]:
    return {"x": value}


def _xy(x: float, y: float) -> dict[str, float]:
    return {"x": x, "y": y}


# ---- steep, oscillating, tiny, huge: finite differences take a wrong step -----------------------

STEEP = [
    *_traps(
        AGREES,
        ("sin(1e8*x)", _x(1.0), "every step of a difference is many periods or pure rounding"),
        ("exp(50*x)", _x(1.0), "the truncation error grows with the third power of 50"),
        ("exp(50*x)", _x(14.0), "the derivative is 10 to the 305; a difference overflows"),
        ("exp(x)", _x(709.0), "a step to the right overflows"),
        ("tanh(1000*x)", _x(0.01), "flat but for a thousandth: most steps see only the plateaus"),
        ("tanh(1000*x)", _x(1.0), "the derivative, 10 to the -866, is 0 in float64, rightly"),
        ("sin(1/x)", _x(1e-3), "the period near 0 is a millionth"),
        ("x**2*sin(1/x)", _x(1e-4), "differentiable everywhere, the derivative nowhere near 0"),
        ("x**100", _x(1.0), "the derivatives grow by a hundred with every order"),
        (
            "sin(x)",
            _x(1e22),
            "neighbouring doubles are 2 million apart",
            "Payne, Hanek 1983, Radian reduction for trigonometric functions",
        ),
        ("sin(x**2)", _x(1e11), "the square is exact; the argument's period is 3e-11 in x"),
        ("1e16 + x", _x(1.0), "the value does not change under any small step"),
        ("(x + 1e16) - 1e16", _x(1.0), "the value is 0 for a step to either side"),
        ("1e20 + sin(x)", _x(0.5), "a huge offset hides the function in its last place"),
        ("x - 1e8", _x(1e8), "a relative step is of the size of the function's range"),
        ("1e-9*x + 1", _x(1.0), "an absolute tolerance of 1e-8 passes any derivative"),
        ("x*1e-200", _x(1.0), "an absolute tolerance passes anything, a wrong factor too"),
        ("x**2*1e-250", _x(1e-30), "derivative 2e-280: the difference underflows"),
        ("1e-320*x", _x(1.0), "the derivative is subnormal, and exact"),
        ("x*1e-200*1e-200", _x(1.0), "the derivative underflows to 0, rightly"),
        ("sqrt(x)", _x(1e-20), "a step of 1e-8 is a trillion times the point"),
        ("sqrt(x)", _x(5e-324), "at the smallest number of all the derivative is 2e161"),
        ("log(x)", _x(1e-300), "any absolute step to the left leaves the domain"),
        ("1/x", _x(1e-100), "derivative -1e200 beside a pole"),
        ("x**-2", _x(1e100), "derivative -2e-300: the difference is exactly 0"),
        ("exp(-x**2)", _x(30.0), "all is 0 to float64, and the derivative with it"),
        ("hypot(x, y)", _xy(1e200, 1e200), "the squares overflow, the function does not"),
        ("hypot(x, y)", _xy(1e-200, 1e-200), "the squares underflow, the function does not"),
        ("atan2(y, x)", _xy(1e200, 1e200), "x**2 + y**2 overflows in the textbook's rule"),
        ("tan(x)", _x(pi / 2), "a derivative of 4e32 within half an ulp of a pole"),
        (
            "100*(y - x**2)**2 + (1 - x)**2",
            _xy(1e70, 1e-3),
            "far out: a value of 1e282",
            _ROSENBROCK,
        ),
        (
            "100*(y - x**2)**2 + (1 - x)**2",
            _xy(1e8, 1e16),
            "in the valley: 1e34 cancels",
            _ROSENBROCK,
        ),
        ("gamma(x)", _x(-1 + 1e-10), "derivative 1e20 beside a pole"),
        ("gamma(x)", _x(171.0), "a step of 1 overflows"),
        ("lgamma(x)", _x(1.4616321449683622), "at its minimum: a derivative of rounding's size"),
        ("erf(x)", _x(6.0), "the value is 1 for every step"),
        ("1 - erf(x)", _x(6.0), "the value is 0, the derivative -3e-16"),
        ("erfc(x)", _x(26.0), "derivative 1e-293"),
        ("sigmoid(x)", _x(40.0), "1 - sigmoid(x) is 0, the derivative is not"),
        ("1/(1 + exp(-x))", _x(40.0), "the value is 1 for every step"),
        ("1 - tanh(x)**2", _x(20.0), "the value is 0, the derivative -1e-16"),
        ("log(1 + x)", _x(1e-17), "the value is 0 for every step, the derivative is 1"),
        ("exp(x) - 1", _x(1e-17), "the value is 0 for every step, the derivative is 1"),
        ("log(1 + exp(x))", _x(-800.0), "underflow of what does not matter"),
        ("softplus(x)", _x(800.0), "exp(800) overflows in the textbook's form"),
        ("softplus(x)", _x(-800.0), "the derivative, 10 to the -348, is 0 in float64, rightly"),
        ("sin(x)", _x(pi), "cos is -1, the value 1e-16 is that of the double beside pi"),
        ("cos(x)", _x(pi), "the derivative -1e-16 has all its digits: pi is only a double here"),
    ),
    *_traps(
        LOSSY,
        ("sin(1e8*x)", _x(0.3), "the product's rounding is a billionth of a period", _HIGHAM),
        ("sin(1/x)", _x(1e-8), "the quotient's rounding is a billionth of a period"),
        ("exp(-x)", _x(740.0), "a subnormal derivative has one digit"),
        ("exp(-x**2)", _x(27.2), "a subnormal derivative, from a rounded square"),
        ("erfc(x)", _x(27.2), "a subnormal derivative"),
        ("gamma(x)", _x(-170.5), "the value is near the smallest of all"),
        ("tanh(x)", _x(360.0), "the square of cosh overflows before its inverse underflows"),
        ("cos(pi*x)", _x(1.0), "the derivative is 0; pi times 1 is a double that misses pi"),
        ("sqrt(1 - x**2)", _x(0.99999999), "half of the digits of 1 - x**2 go"),
        (
            "(x**2 + y**2 + z**2)/3 - ((x + y + z)/3)**2",
            {"x": 1e8 + 4, "y": 1e8 + 7, "z": 1e8 + 13},
            "the one-pass variance",
            f"{_HIGHAM}, 1.9",
        ),
    ),
]


# ---- cancellation: the rules are right and float64 loses the digits -----------------------------

CANCELLING = [
    *_traps(
        ILL,
        (
            "(1 - cos(x))/x**2",
            _x(1e-6),
            "AD, SymPy and the complex step share the same error",
            f"{_HIGHAM}, 1.7",
        ),
        ("(1 - cos(x))/x**2", _x(1e-20), "even fifty digits are not the truth", f"{_HIGHAM}, 1.7"),
        ("(exp(x) - 1)/x", _x(1e-10), "two terms of 1e10 leave a half", f"{_HIGHAM}, 1.14.1"),
        ("expm1(x)/x", _x(1e-17), "the value has all its digits, the derivative none: 0 for 1/2"),
        ("log(1 + x)/x", _x(1e-10), "two terms of 1e10 leave -1/2", f"{_HIGHAM}, 1.14.1"),
        ("sin(x)/x", _x(1e-9), "two terms of 1e9 leave -3e-10"),
        ("(sin(x) - x)/x**3", _x(1e-5), "a removable singularity of the third order"),
        ("(tan(x) - sin(x))/x**3", _x(1e-5), "a removable singularity of the third order"),
        (
            "sqrt(x + 1) - sqrt(x)",
            _x(1e12),
            "two roots that differ in the last digits",
            _HIGHAM,
        ),
        ("x**3 - 3*x**2 + 3*x - 1", _x(1.0001), "(x - 1)**3, written out", _HIGHAM),
        (
            "(-b + sqrt(b*b - 4*a*c))/(2*a)",
            {"a": 1.0, "b": 1e9, "c": 1.0},
            "the small root",
            f"{_HIGHAM}, 1.8",
        ),
        (
            "s = (a + b + c)/2; sqrt(s*(s - a)*(s - b)*(s - c))",
            {"a": 1e8, "b": 99999999.9999999, "c": 1.5e-7},
            "Heron's formula, a needle",
            _KAHAN,
        ),
        ("((x + 1e16) - 1e16)**2", _x(1.0), "the derivative is 2, float64 says 0"),
        ("1e300*tanh(x)", _x(370.0), "a derivative of 1e-21 out of one that underflowed"),
        ("atan(1e200*x)", _x(1.0), "1/(1 + x**2) underflows before the factor arrives"),
        ("x**2/x", _x(1e-200), "the square underflows, so 2 - 1 is 2"),
        ("log(1 - sigmoid(x))", _x(34.0), "1 - sigmoid(x) keeps two digits", _MAECHLER),
    ),
    *_traps(
        AGREES,
        ("sinc(x)", _x(1e-9), "cos(x)/x - sin(x)/x**2 loses all digits, the table's rule none"),
        ("sinc(x)", _x(0.0), "a removable singularity that a rule can fill"),
        ("log1p(x)", _x(1e-17), "1 + x is 1"),
        (
            "acos(x)",
            _x(nextafter(1.0, 0.0)),
            "1 - x**2 loses half of the digits, (1 - x)*(1 + x) none",
        ),
        ("sin(x)**2 + cos(x)**2", _x(1.0), "the derivative is exactly 0; no relative error exists"),
        ("x - x", _x(1e300), "the derivative is exactly 0"),
        ("x/x", _x(3.0), "the derivative is exactly 0"),
        ("exp(x)*exp(-x)", _x(30.0), "1e13 - 1e13 is exactly 0"),
        ("x*1e20 + y - x*1e20", _xy(1.0, 1.0), "1e20 - 1e20 is exactly 0, y is lost in the value"),
        ("sigmoid(x)*(1 - sigmoid(x))", _x(40.0), "the value is 0, the derivative -4e-18"),
        (
            "logaddexp(x, y)",
            _xy(1000.0, 1000.5),
            "exp(1000) overflows in the textbook's form",
            _BLANCHARD,
        ),
        (
            "logaddexp(x, y)",
            _xy(-1000.0, -1000.5),
            "exp(-1000) underflows in the textbook's form",
            _BLANCHARD,
        ),
        (
            "m = max(x, y); m + log(exp(x - m) + exp(y - m))",
            _xy(1e4, 1e4 + 1),
            "large offsets",
            _BLANCHARD,
        ),
        (
            "333.75*y**6 + x**2*(11*x**2*y**2 - y**6 - 121*y**4 - 2) + 5.5*y**8 + x/(2*y)",
            _xy(77617.0, 33096.0),
            "a value of the wrong sign, a derivative with all digits",
            _RUMP,
        ),
        ("2*log(1 + x) - log((1 + x)**2)", _x(0.5), "identically 0, term by term"),
    ),
]


# ---- out of range in between --------------------------------------------------------------------

OVERFLOWING = [
    *_traps(
        INFINITE,
        ("sqrt(x**2 + y**2)", _xy(1e200, 1e200), "the squares overflow", _HIGHAM),
        ("x*1e200*1e200*1e-200*1e-200", _x(1.0), "an overflow in between is never made good"),
        ("x*1e-200*1e-200*1e200*1e200", _x(1.0), "forward underflows, reverse overflows"),
        ("log(erfc(x))", _x(27.2), "1 through a subnormal overflows"),
        ("1/x", _x(1e-200), "a value of 1e200, a derivative of -1e400"),
        ("log(x)", _x(5e-324), "a derivative of 2e323"),
        ("exp(x)", _x(710.0), "beyond the largest number"),
        ("log(exp(x))", _x(800.0), "the identity, by way of 10 to the 347"),
        ("log(1 + exp(x))", _x(800.0), "the derivative is 1", _MAECHLER),
        (
            "log(exp(x) + exp(y))",
            _xy(1000.0, 1000.5),
            "the derivatives are 0.4 and 0.6",
            _BLANCHARD,
        ),
        ("exp(x)/(exp(x) + exp(y))", _xy(800.0, 801.0), "softmax of large offsets", _BLANCHARD),
        ("log(1 + x**2)", _x(1e200), "the derivative is 2e-200"),
    ),
    *_traps(
        INFINITE | AGREES,
        (
            "100*(y - x**2)**2 + (1 - x)**2",
            _xy(1e100, 1.0),
            "the value overflows, the derivative not",
            _ROSENBROCK,
        ),
    ),
    *_traps(
        NO_NUMBER,
        (
            "log(exp(x) + exp(y))",
            _xy(-1000.0, -1000.5),
            "the logarithm of an underflow",
            _BLANCHARD,
        ),
        ("log(exp(x))", _x(-800.0), "the identity, by way of 0"),
        ("log(x**2)", _x(1e-200), "the square underflows to 0; the derivative is 2e200"),
        ("log(1 - sigmoid(x))", _x(40.0), "1 - sigmoid(x) is 0; the derivative is -1", _MAECHLER),
        ("log(sigmoid(x))", _x(-800.0), "sigmoid(x) is 0; the derivative is 1", _MAECHLER),
        ("log(erfc(x))", _x(30.0), "erfc(x) is 0; the derivative is -60"),
        ("sqrt(x**2 + y**2)", _xy(1e-200, 1e-200), "the squares underflow: 0 times infinity"),
        ("sqrt(x**2)", _x(1e-200), "the square underflows: 0 times infinity"),
    ),
    *_traps(
        UNDEFINED,
        ("x*log(x)", _x(0.0), "the limit is 0, the formula has no value"),
        ("sin(x)/x", _x(0.0), "the limit is 1, the formula has no value"),
        ("exp(-1/x**2)", _x(0.0), "smooth once the hole is filled"),
        ("log(x)", _x(-1.0), "some frameworks return -1"),
        ("x**(1/3)", _x(-8.0), "the real root is no power of a float"),
        ("x**y", _xy(-2.0, 2.5), "a broken power of a negative number"),
        ("gamma(x)", _x(-2.0), "a pole"),
        ("asin(x)", _x(nextafter(1.0, 2.0)), "one double beyond the domain"),
        ("x/hypot(x, y)", _xy(0.0, 0.0), "a direction that the origin has not"),
    ),
]


# ---- kinks and jumps ----------------------------------------------------------------------------

KINKED = [
    *_traps(
        KINK,
        (
            "abs(x)",
            _x(0.0),
            "a central difference says 0, as if it were smooth",
            f"{_GRIEWANK}, ch. 14",
        ),
        ("abs(x - 1e-9)", _x(1e-9), "a kink away from 0"),
        ("max(x, 0)", _x(0.0), "a central difference says 1/2"),
        ("relu(x)", _x(0.0), "frameworks say 0, and 1/2 for max(x, 0)", _BOLTE),
        ("relu(-x) + x", _x(0.0), "relu, with another convention", _BOLTE),
        ("max(x, y)", _xy(1.0, 1.0), "a tie"),
        ("min(x, x**2)", _x(0.0), "slopes 1 and 0 meet"),
        ("hypot(x, y)", _xy(0.0, 0.0), "the tip of a cone"),
        ("x*sign(x)", _x(0.0), "abs, by a factor that jumps"),
        ("x*floor(x)", _x(0.0), "continuous, with slopes -1 and 0"),
        ("where(x > 0, x, -x)", _x(0.0), "abs, by a condition"),
        ("where(x > 0, x + 1, x)", _x(0.0), "a jump: both slopes are 1", _LEE),
        ("where(x > 0, where(x > 1, x**2, 2*x - 1), 0)", _x(0.0), "a jump in nested branches"),
        ("floor(x)", _x(2.0), "a jump: both slopes are 0"),
        ("x % 1", _x(3.0), "a jump: both slopes are 1"),
        ("fmod(x, 2)", _x(-4.0), "a jump: both slopes are 1"),
        ("x - floor(x)", _x(3.0), "a jump: both slopes are 1"),
        ("sign(x)**2", _x(0.0), "1 but for a single point: both slopes are 0"),
        ("where(x == 1, 2, x)", _x(1.0), "the identity but for a single point: both slopes are 1"),
        ("copysign(x, y)", _xy(3.0, 0.0), "a jump in y"),
        ("x*sign(y)", _xy(3.0, 0.0), "a jump in y"),
        ("softsign(x) + abs(sin(x))", _x(0.0), "a kink beside a smooth term"),
    ),
    *_traps(
        EDGE,
        ("sqrt(x)", _x(0.0), "the slope grows without limit"),
        ("cbrt(x)", _x(0.0), "a vertical tangent on both sides"),
        ("sqrt(abs(x))", _x(0.0), "a cusp: infinity times the convention 0"),
        ("sqrt(x**2)", _x(0.0), "abs, by infinity times 0"),
        ("sqrt(x**2 + y**2)", _xy(0.0, 0.0), "the norm's NaN at the origin", _JAX),
        ("x**0.5", _x(0.0), "the slope grows without limit"),
        ("asin(x)", _x(1.0), "the slope grows without limit"),
        ("acosh(x)", _x(1.0), "the slope grows without limit"),
        ("x**y", _xy(0.0, 0.0), "1 by convention; the slope by y is minus infinity"),
        ("where(x > 0, sqrt(x), 0)", _x(0.0), "no slope on one side, 0 on the other"),
        ("where(x > 0, x*log(x), 0)", _x(0.0), "continuous, with a vertical tangent"),
    ),
    *_traps(
        KINK | AGREES,
        (
            "atan2(y, x)",
            _xy(-1.0, 0.0),
            "a jump by 2 pi at the branch cut; SymPy differentiates across",
        ),
    ),
    *_traps(
        AGREES,
        ("abs(x - 1e-9)", _x(0.0), "a kink within every usual step"),
        ("abs(x)", _x(1e-300), "a kink within every step but the tiniest"),
        ("abs(sin(x))", _x(pi), "the double beside pi is not on the kink"),
        ("relu(x - 1e-12)", _x(0.0), "a kink within every usual step"),
        ("floor(x)", _x(nextafter(2.0, 0.0)), "a jump at the next double"),
        ("ceil(x)", _x(nextafter(1.0, 2.0)), "a jump at the double before"),
        ("sign(x)", _x(1e-300), "a jump within every step"),
        ("x % 1", _x(nextafter(1.0, 0.0)), "a jump at the next double"),
        ("x % 0.1", _x(0.3), "0.3 is just below a multiple of 0.1"),
        ("max(x, y)", _xy(1.0, nextafter(1.0, 2.0)), "a tie within every step"),
        ("atan2(y, x)", _xy(-1.0, 1e-300), "the branch cut within every step"),
        ("atan2(y, x)", _xy(-1.0, -1e-300), "the branch cut within every step"),
        ("sqrt(x**2 + 1e-30)", _x(0.0), "a smooth abs, rounder than any step sees"),
        ("where(x > 0.5, 1e6, sin(x))", _x(0.5 - 1e-12), "a jump within every step"),
        ("sqrt(x)", _x(1e-300), "the edge of the domain within every step"),
        ("asin(x)", _x(nextafter(1.0, 0.0)), "the edge of the domain at the next double"),
    ),
]


# ---- a kink in the program, none in the function ------------------------------------------------

REMOVABLE = [
    *_traps(
        WRONG,
        ("relu(x) - relu(-x)", _x(0.0), "the identity: AD says 0 instead of 1", _KAKADE),
        ("relu(x) - 0.5*abs(x)", _x(0.0), "x/2: AD says 0", _BOLTE),
        (
            "where(x == 1, 1, x)",
            _x(1.0),
            "the identity: AD says 0 where the constant is taken",
            _LEE,
        ),
        (
            "where(x == 0, 0.5, (1 - cos(x))/x**2) + where(x == 0, 0, x)",
            _x(0.0),
            "a hole, filled by a number",
        ),
        ("where(x == 0, 0, expm1(x)**2/x)", _x(0.0), "slope 1, filled by a constant of slope 0"),
        ("x*sign(x)*sign(x)", _x(0.0), "the identity, by a factor that is 0 at a single point"),
    ),
    *_traps(
        AGREES,
        ("abs(x)*x", _x(0.0), "differentiable: the slopes are 0 on both sides"),
        ("max(x, 0)**2", _x(0.0), "differentiable: the slopes are 0 on both sides"),
        ("relu(x)**3", _x(0.0), "twice differentiable"),
        ("abs(x)**1.5", _x(0.0), "differentiable: the slopes are 0 on both sides"),
        ("abs(x**3)", _x(0.0), "differentiable: the slopes are 0 on both sides"),
        ("x**2*floor(x)", _x(0.0), "a jump times what vanishes to the second order"),
        ("max(x, 0) + min(x, 0)", _x(0.0), "the identity: half and half is right here"),
        ("max(x, sin(x))", _x(0.0), "a tie of two functions that touch"),
        ("max(x, x)", _x(1.0), "a tie at every point"),
        ("max(2*x - 1, x**2)", _x(1.0), "a tie of two functions that touch"),
        (
            "m = max(x, y); m + log(exp(x - m) + exp(y - m))",
            _xy(3.0, 3.0),
            "the tie cancels",
            _BLANCHARD,
        ),
        ("where(x > 1, x**2, 2*x - 1)", _x(1.0), "two pieces of one slope"),
        (
            "where(x > 0, where(x > 1, x**2, 2*x - 1), 0)",
            _x(1.0),
            "two pieces of one slope, nested",
        ),
        ("where(x > 0, x**2, x**3)", _x(0.0), "two pieces of one slope"),
        (
            "where(abs(x) < 1, (1 - x**2)**2, 0)",
            _x(1.0),
            "a spline's end",
            "Beaton, Tukey 1974, Technometrics 16",
        ),
        ("where(x == 0, 1, sin(x)/x)", _x(0.0), "the constant's slope, 0, happens to be right"),
        ("where(x == 0, 0, exp(-1/x**2))", _x(0.0), "smooth and not analytic", "Cauchy 1823"),
        ("hypot(x, y)**2", _xy(0.0, 0.0), "the convention 0 at the tip, times 0"),
        ("abs(x) - abs(-x)", _x(0.0), "identically 0"),
    ),
    *_traps(
        AGREES | KINK | frozenset({"undecided"}),
        (
            "where(x == 0, 0, x**2*sin(1/x))",
            _x(0.0),
            "differentiable; the slopes beside have no limit",
            "Darboux 1875, Mémoire sur les fonctions discontinues",
        ),
    ),
    *_traps(
        EDGE,
        ("sqrt(x**4)", _x(0.0), "x**2, by infinity times 0"),
        ("cbrt(x**3)", _x(0.0), "the identity, by infinity times 0"),
        ("cbrt(x)**3", _x(0.0), "the identity, by 0 times infinity"),
        ("sqrt(x)**2", _x(0.0), "the identity on one side, by 0 times infinity"),
    ),
]


# ---- branches and powers ------------------------------------------------------------------------

BRANCHES = [
    *_traps(
        ILL,
        ("where(x != 0, sin(x)/x, 1)", _x(1e-300), "beside the hole"),
    ),
    *_traps(
        AGREES,
        ("where(x > 0, log(x), 0)", _x(-1.0), "NaN of the branch not taken, times 0", _JAX),
        ("where(x > 0, sqrt(x), 0)", _x(-1.0), "NaN of the branch not taken, times 0", _JAX),
        ("where(abs(x) < 1e-4, 1 - x**2/6, sin(x)/x)", _x(1e-5), "a series beside a singularity"),
        ("sqrt(where(x > 0, x, 1))", _x(-1.0), "a guard inside the root", _JAX),
        ("where(x > 1e9, exp(x), x)", _x(2.0), "infinity of the branch not taken, times 0", _JAX),
        ("where(x == 0, 0, exp(-1/x**2))", _x(1e-3), "a value of 10 to the -434294"),
        ("x**0.0", _x(0.0), "constant, though 0*x**(-1) is NaN, as frameworks say"),
        ("x**1", _x(0.0), "1*x**0 at 0"),
        ("x**2.0", _x(0.0), "a power by exp and log has no value at 0"),
        ("x**2.0", _x(-3.0), "a power by exp and log has no value below 0"),
        ("x**3", _x(-2.0), "the logarithm of the base is not needed"),
        ("x**200", _x(0.01), "value and derivative underflow to 0"),
        ("(x**2 + y**2)**1.5", _xy(0.0, 0.0), "0**0.5 is fine where 0**-0.5 is not"),
        ("xlogy(x, y)", _xy(1e-300, 1e-300), "0 times infinity is near"),
    ),
    *_traps(
        AGREES | frozenset({"undecided"}),
        ("0**x", _x(2.0), "0 times the logarithm of 0, which is SymPy's formula too"),
    ),
    *_traps(
        INFINITE | UNDEFINED,
        ("x**y", _xy(-2.0, 3.0), "12 by x; by y there is no derivative"),
        ("x**-1", _x(1e-200), "a derivative of -1e400"),
    ),
]


# ---- long programs ------------------------------------------------------------------------------


def _product(factors: Iterable[str]) -> str:
    return "*".join(factors)


def _recurrence(first: str, second: str, step: Callable[[str, str], str], count: int) -> str:
    """Write t2 = step(t1, t0), t3 = step(t2, t1), …"""
    steps = (f"t{k + 1} = {step(f't{k}', f't{k - 1}')}" for k in range(1, count))
    return "; ".join([f"t0 = {first}", f"t1 = {second}", *steps])


def _iterated(steps: Iterable[str]) -> str:
    """Write t1, t2, … by steps in which {t} is the value before, the first of all x."""
    named = enumerate(steps)
    return "; ".join(f"t{k + 1} = {step.format(t=f't{k}' if k else 'x')}" for k, step in named)


def _rooted(degree: int) -> list[int]:
    """Return the coefficients of (x - 1)(x - 2)…(x - degree), the highest power first."""
    coefficients = [1]
    for root in range(1, degree + 1):
        shifted = [*coefficients, 0]
        for k, coefficient in enumerate(coefficients):
            shifted[k + 1] -= root * coefficient
        coefficients = shifted
    return coefficients


def _horner(coefficients: Iterable[int]) -> str:
    """Write a polynomial by Horner's rule, with coefficients rounded as a program would."""
    first, *rest = (f"{float(c)!r}" for c in coefficients)
    text = first
    for coefficient in rest:
        text = f"({text})*x + ({coefficient})"
    return text


_UP = _product(f"(x + {k})" for k in range(1, 301))
_DOWN = _product([f"({k}/300)" for k in range(1, 301)])
_SHRINK_GROW = "x" + "*0.001" * 150 + "*1000" * 150
_GROW_SHRINK = "x" + "*1000" * 150 + "*0.001" * 150
_MULLER_STEP = "111 - (1130 - 3000/{1})/{0}"
_WEIERSTRASS = " + ".join(f"0.5**{k}*cos(3**{k}*pi*x)" for k in range(15))

LONG = [
    Trap(_UP, _x(0.5), INFINITE, "300 factors overflow after 170", name="product of x + k"),
    Trap(
        _UP + "/" + str(float(factorial(150))),
        _x(-0.5),
        INFINITE,
        "the quotient comes too late",
        name="product of x + k, divided",
    ),
    Trap(_GROW_SHRINK, _x(1.0), INFINITE, "the identity, by way of 1e450", name="grow and shrink"),
    Trap(
        _SHRINK_GROW,
        _x(1.0),
        INFINITE,
        "forward underflows, reverse overflows",
        name="shrink and grow",
    ),
    Trap("x*" + _DOWN, _x(1.0), AGREES, "a product of 300 factors, 1e-129", name="300!/300**300"),
    Trap(
        _product(f"(x - {k})" for k in range(1, 21)),
        _x(20.0),
        AGREES,
        "19!, from nineteen zeros beside one",
        _WILKINSON,
        "Wilkinson, factors",
    ),
    Trap(
        _horner(_rooted(20)),
        _x(20.0),
        LOSSY,
        "the coefficients' rounding moves the roots; not even SymPy's form has the digits",
        _WILKINSON,
        "Wilkinson, coefficients",
    ),
    Trap(
        _horner(_rooted(20)),
        _x(10.0),
        LOSSY,
        "terms of 1e20 cancel",
        _WILKINSON,
        "Wilkinson, coefficients",
    ),
    Trap(
        _recurrence("x", "y", _MULLER_STEP.format, 20),
        _xy(2.0, -4.0),
        ILL,
        "every arithmetic converges to 100, the sequence to 6",
        _MULLER,
        "Muller's recurrence",
    ),
    Trap("cos(64*acos(x))", _x(0.3), AGREES, "a Chebyshev polynomial, by angles"),
    Trap(
        "cos(64*acos(x))",
        _x(1.0),
        EDGE,
        "the derivative is 4096; the formula gives 0 times infinity",
    ),
    Trap(
        _recurrence("1", "x", "2*x*{0} - {1}".format, 64),
        _x(0.3),
        AGREES,
        "a Chebyshev polynomial, by recurrence",
        name="Chebyshev recurrence, degree 64",
    ),
    Trap(
        _recurrence("1", "x", "2*x*{0} - {1}".format, 64),
        _x(1.0),
        AGREES,
        "the derivative is 4096",
        name="Chebyshev recurrence, degree 64",
    ),
    Trap(
        _WEIERSTRASS,
        _x(0.3),
        LOSSY,
        "rough on every scale that a step can have",
        "Weierstrass 1872",
        "Weierstrass sum",
    ),
    Trap(
        _iterated(["4*{t}*(1 - {t})"] * 60),
        _x(0.3),
        ILL,
        "chaos doubles every error sixty times",
        "May 1976, Nature 261",
        "logistic map",
    ),
    Trap(
        _iterated(["(2*{t}) % 1"] * 60),
        _x(0.1),
        KINK,
        "the bits of 0.1 run out and the map stays on its jump",
        name="doubling map",
    ),
    Trap(
        _iterated(["({t} + 2/{t})/2"] * 8),
        _x(1.5),
        LOSSY,
        "converged: the derivative is 9e-389, and AD's a product of rounding errors, 3e-86",
        name="Heron's square root of 2",
    ),
    Trap(
        _iterated(["sqrt({t})"] * 50 + ["{t}**2"] * 50),
        _x(100.0),
        ILL,
        "fifty roots and fifty squares: the identity becomes e",
        f"{_HIGHAM}, 1.12.2",
        "fifty roots, fifty squares",
    ),
    Trap("exp(exp(exp(x)))", _x(1.85), LOSSY, "every error of the exponent counts 500 times"),
]

TRAPS: tuple[Trap, ...] = (*STEEP, *CANCELLING, *OVERFLOWING, *KINKED, *REMOVABLE, *BRANCHES, *LONG)
