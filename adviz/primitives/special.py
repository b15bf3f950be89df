"""The rows of special functions (NIST Digital Library of Mathematical Functions, dlmf.nist.gov).

An order stands first and has no derivative: it is a number that does not change. A function
whose derivatives are no other function is two rows, the function and its derivative of an order.
"""

from __future__ import annotations

from adviz.primitives.row import Primitive, row

OFF_INTEGERS = {"domain": "x > 0 or x != floor(x)", "needs": "other than 0, -1, -2, …"}
WHOLE_ORDER = {"lenient": True, "needs": "a whole order from 0 to 100"}
UPRIGHT = "0 <= n <= 100 and n == floor(n)"
HALVES = "abs(n) <= 100 and 2*n == floor(2*n)"
CYLINDER = {"lenient": True, "domain": f"{HALVES} and (x > 0 or n == floor(n))",
            "needs": "an order from -100 to 100, whole or half, and a positive argument where it is half"}  # fmt: skip
SINGULAR = {"lenient": True, "domain": f"{HALVES} and x > 0",
            "needs": "an order from -100 to 100, whole or half, and a positive argument"}  # fmt: skip
NOT_TOO_FAR = {
    "lenient": True,
    "domain": "x > -1e10",
    "needs": "above -1e10, where the phase still has digits",
}

OFF_POLES = "({0} > 0 or {0} != floor({0}))"
GAMMAS = {"needs": "arguments and a sum of them other than 0, -1, -2, …",
          "domain": f"{OFF_POLES.format('x')} and {OFF_POLES.format('y')} and {OFF_POLES.format('(x + y)')}"}  # fmt: skip
CHOICES = {"lenient": True, "needs": "arguments and a difference of them other than -1, -2, -3, …",
           "domain": " and ".join(OFF_POLES.format(f"({x} + 1)") for x in ("x", "y", "x - y"))}  # fmt: skip
PHASE = {"domain": "abs(x) < 1e8", "lenient": True, "needs": "below 1e8 in size, where the phase still has digits"}  # fmt: skip


def _with_derivatives(
    name: str, below: str, needs: str, **rest: object
) -> tuple[Primitive, Primitive]:
    """Return a function and its derivatives, which no other function is, as rows of one order."""
    slopes, label = f"{name}_derivative", rest.get("label", "")
    first = {"domain": below, "needs": needs, **rest}
    any_order = {"lenient": True, "domain": f"{UPRIGHT} and {below.replace('<=', '<')}",
                 "needs": f"a whole order from 0 to 100 and an argument {needs}", "label": label}  # fmt: skip
    return (
        row(name, "x", f"{slopes}(1, x)", **first),
        row(slopes, "n x", "", f"{slopes}(n + 1, x)", **any_order),
    )


# One aligned line per function is the point of the table.
# fmt: off
SPECIAL: tuple[Primitive, ...] = (
    # errors, gamma functions
    row("erf",   "x",   "2/sqrt(pi)*exp(-x**2)"),
    row("erfc",  "x",   "-2/sqrt(pi)*exp(-x**2)", ulps=3.0),
    row("ndtr",  "x",   "exp(-x**2/2)/sqrt(2*pi)", define="erfc(-x/sqrt(2))/2", aliases=("normcdf",), label="Φ", ulps=4.0),
    row("erfinv", "x",   "sqrt(pi)/2*exp(z**2)", domain="-1 < x < 1"),                                           # DLMF 7.17.1
    row("erfcinv", "x",  "-hermite(-1, z)/x",  domain="0 < x < 2"),                                              # exp(z**2) loses digits where z is large
    row("gamma", "x",   "z*digamma(x)",        **OFF_INTEGERS, ulps=12.0),
    row("factorial", "x", "z*digamma(x + 1)",   define="gamma(x + 1)", domain="x > -1 or x != floor(x)", needs="other than -1, -2, -3, …", ulps=12.0),
    row("lgamma", "x",  "digamma(x)",          **OFF_INTEGERS, aliases=("gammaln",), ulps=12.0),
    row("loggamma", "x", "digamma(x)",         define="lgamma(x)", lenient=True, domain="x > 0", ulps=12.0),                    # complex below 0, unlike the logarithm of |gamma|
    row("digamma", "x", "polygamma(1, x)",     **OFF_INTEGERS, label="ψ"),
    row("polygamma", "n x", "", "polygamma(n + 1, x)", lenient=True, domain="0 <= n <= 100 and n == floor(n) and (x > 0 or x != floor(x))",
         needs="a whole order from 0 to 100 and an argument other than 0, -1, -2, …", label="ψ"),
    row("polygamma_difference", "n x y", "", "polygamma_difference(n + 1, x, y)", "polygamma(n + 1, x + y)",       # cancels when taken apart, where y is small
        lenient=True, **{**GAMMAS, "domain": f"{UPRIGHT} and {OFF_POLES.format('x')} and {OFF_POLES.format('(x + y)')}",
           "needs": "a whole order from 0 to 100, an argument and a sum other than 0, -1, -2, …"}, label="Δψ"),
    row("beta",  "x y", "-z*polygamma_difference(0, x, y)", "-z*polygamma_difference(0, y, x)", **GAMMAS, label="Β"),                        # DLMF 5.12
    row("lbeta", "x y", "-polygamma_difference(0, x, y)", "-polygamma_difference(0, y, x)", **GAMMAS,
        aliases=("betaln",), label="ln Β"),
    row("binomial", "x y", "z*polygamma_difference(0, x + 1 - y, y)", "where(x > y + y, z*polygamma_difference(0, y + 1, x - y - y), -z*polygamma_difference(0, x + 1 - y, y + y - x))", **CHOICES, aliases=("binom", "comb")),     # DLMF 1.2.6
    *_with_derivatives("zeta", "x > -30 and x != 1", "above -30 other than 1", label="ζ"),                        # DLMF 25.2
    row("spherical_jn", "n x", "", "where(n == 0, -spherical_jn(1, x), (n*spherical_jn(abs(n - 1), x) - (n + 1)*spherical_jn(n + 1, x))/(2*n + 1))",
         lenient=True, domain="0 <= n <= 100 and n == floor(n)", needs="a whole order from 0 to 100", names={"sympy": "jn"}, label="j", ulps=24.0),   # NIST DLMF 10.51.2, free of division by x
    # Bessel and Airy functions: DLMF 10.6.1, 10.29.1, 9.2.1
    row("besselj", "n x", "", "(besselj(n - 1, x) - besselj(n + 1, x))/2", **CYLINDER, aliases=("jv",), label="J"),
    row("bessely", "n x", "", "(bessely(n - 1, x) - bessely(n + 1, x))/2", **SINGULAR, aliases=("yv",), label="Y"),
    row("besseli", "n x", "", "(besseli(n - 1, x) + besseli(n + 1, x))/2", **CYLINDER, aliases=("iv",), label="I"),
    row("besselk", "n x", "", "-(besselk(n - 1, x) + besselk(n + 1, x))/2", **SINGULAR, aliases=("kv",), label="K"),
    row("airyai", "x",   "airyaiprime(x)",      **NOT_TOO_FAR, label="Ai"),
    row("airybi", "x",   "airybiprime(x)",      **NOT_TOO_FAR, label="Bi"),
    row("airyaiprime", "x", "x*airyai(x)",      **NOT_TOO_FAR, label="Ai′"),
    row("airybiprime", "x", "x*airybi(x)",      **NOT_TOO_FAR, label="Bi′"),
    # integrals of elementary functions: DLMF 6.2, 8.19.13; and the inverse of x*exp(x): DLMF 4.13
    row("Si",    "x",   "sinc(x)"),
    row("Ci",    "x",   "cos(x)/x",             domain="x > 0", lenient=True),
    row("Shi",   "x",   "where(x == 0, 1, sinh(x)/x)"),
    row("Chi",   "x",   "cosh(x)/x",            domain="x > 0", lenient=True),
    row("Ei",    "x",   "exp(x)/x",             domain="x != 0", piece="x > 0", aliases=("expi",)),
    row("li",    "x",   "1/log(x)",             domain="x > 0 and x != 1", lenient=True, piece="x > 1"),
    row("expn",  "n x", "", "where(n == 0, -z*(1 + 1/x), -expn(abs(n - 1), x))", domain=f"{UPRIGHT} and x > 0",
        lenient=True, needs="a whole order from 0 to 100 and a positive argument", names={"sympy": "expint"}, aliases=("expint",), label="E"),
    row("lambertw", "x", "1/(x + exp(z))",      domain="x > -exp(-1)", lenient=True, names={"sympy": "LambertW"}, aliases=("LambertW",), label="W"),   # z/(x*(1 + z)) is 0/0 at 0
    row("fresnels", "x", "sin(pi*x*x/2)",       **PHASE, label="S"),                                              # DLMF 7.2.7-8
    row("fresnelc", "x", "cos(pi*x*x/2)",       **PHASE, label="C"),
    # complete elliptic integrals of the parameter m = k**2: DLMF 19.2.8
    *_with_derivatives("elliptic_k", "x < 1", "below 1", aliases=("ellipk",)),
    *_with_derivatives("elliptic_e", "x <= 1", "not above 1", pole="x == 1", aliases=("ellipe",)),
    # orthogonal polynomials: DLMF 18.7, 18.9.19-25
    row("legendre", "n x", "", "where(n == 0, 0, gegenbauer(abs(n - 1), 1.5, x))", domain=UPRIGHT, **WHOLE_ORDER, aliases=("eval_legendre",), label="P"),
    row("chebyshevt", "n x", "", "n*chebyshevu(abs(n - 1), x)", domain=UPRIGHT, **WHOLE_ORDER, aliases=("eval_chebyt",), label="T"),
    row("chebyshevu", "n x", "", "where(n == 0, 0, 2*gegenbauer(abs(n - 1), 2, x))", domain=UPRIGHT, **WHOLE_ORDER, aliases=("eval_chebyu",), label="U"),
    row("gegenbauer", "n a x", "", "", "where(n == 0, 0, 2*a*gegenbauer(abs(n - 1), a + 1, x))", domain=f"{UPRIGHT} and a > -0.5",
        lenient=True, needs="a whole order from 0 to 100 and a parameter above -1/2", aliases=("eval_gegenbauer",), label="C"),
    row("hermite", "n x", "", "where(n == 0, 0, 2*n*hermite(n - 1, x))", domain="abs(n) <= 100 and n == floor(n)", lenient=True, needs="a whole order from -100 to 100",
        aliases=("eval_hermite",), label="H"),     # below 0 a repeated integral of erfc: DLMF 7.18.9, 12.7.5
    row("laguerre", "n x", "", "where(n == 0, 0, -genlaguerre(abs(n - 1), 1, x))", domain=UPRIGHT, **WHOLE_ORDER, aliases=("eval_laguerre",), label="L"),
    row("genlaguerre", "n a x", "", "", "where(n == 0, 0, -genlaguerre(abs(n - 1), a + 1, x))", domain=f"{UPRIGHT} and a > -1",
        lenient=True, needs="a whole order from 0 to 100 and a parameter above -1", names={"sympy": "assoc_laguerre"}, aliases=("eval_genlaguerre",), label="L"),
)
# fmt: on
